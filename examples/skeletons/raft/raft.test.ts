import { packs, Registry } from 'faultlab/scenarios';
import { overSeeds } from 'faultlab/testing';
import { test } from 'vitest';
import { makeRaft } from './raft.ts';

const registry = new Registry(packs);

test('a leader is elected, and stays as long as nothing fails', () =>
  overSeeds(registry.scenario('TestInitialElection3A'), { seeds: 20, layers: { makeRaft } }));
