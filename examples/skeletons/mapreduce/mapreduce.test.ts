import { packs, Registry } from 'faultlab/scenarios';
import { overSeeds } from 'faultlab/testing';
import { test } from 'vitest';
import { makeCoordinator, makeWorker } from './mapreduce.ts';

const registry = new Registry(packs);

test('word count comes to what a sequential run comes to', () =>
  overSeeds(registry.scenario('TestWc'), { seeds: 5, layers: { makeCoordinator, makeWorker } }));
