import { packs, Registry } from 'faultlab/scenarios';
import { overSeeds } from 'faultlab/testing';
import { test } from 'vitest';
import { makeKvClerk, makeKvServer } from './kv.ts';

const registry = new Registry(packs);

test('each answer of a server is the one that the lab names', () =>
  overSeeds(registry.scenario('TestReliablePut'), {
    seeds: 20,
    layers: { makeKvServer, makeKvClerk },
  }));
