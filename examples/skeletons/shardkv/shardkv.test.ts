import { packs, Registry } from 'faultlab/scenarios';
import { overSeeds } from 'faultlab/testing';
import { test } from 'vitest';
import { makeShardClerk, makeShardCtrler, makeShardGroup } from './shardkv.ts';

const registry = new Registry(packs);

test('a group serves all shards, and goes on without its leader', () =>
  overSeeds(registry.scenario('TestStaticOneShardGroup5A'), {
    seeds: 3,
    layers: { makeShardGroup, makeShardCtrler, makeShardClerk },
  }));
