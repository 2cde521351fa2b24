import { z } from 'zod';
import type { KvClerk, KvLayers } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { addClerk, addServer, kvLayers } from './cluster.ts';

/** Puts before the first measurement, so that it does not count what the first use costs. */
const WARM_UP = 5000;

/** Every put writes this: the memory of a server that keeps values per client shows at once. */
const VALUE = 'x'.repeat(1000);

function memoryScenario(
  name: string,
  test: string,
  clerks: number,
  bytesPerClerk: number,
  rounds: number,
): Scenario {
  return defineScenario({
    name,
    lab: 2,
    test,
    description: `${clerks} clerks put once each; at most ${bytesPerClerk} B of heap per clerk`,
    params: z.object({
      clerks: z.int().min(1).default(clerks).describe('number of clerks'),
      bytesPerClerk: z.int().min(1).default(bytesPerClerk).describe('bound on heap growth'),
      // The heap moves by some 10 kB for reasons of its own (compiled code, say). State per client
      // grows in every round, so the least growth tells.
      rounds: z.int().min(1).default(rounds).describe('measurements, of which the least counts'),
    }),
    layers: kvLayers,
    once: true,
    // With the latency of our network so many puts take about as long as the official limit.
    maxSimMs: 600_000,
    probes: [{ name: 'the heap was measured', within: 1 }],
    setup(t) {
      addServer(t);
      // All clerks in one process, as in the course's tester: what grows is the server's share.
      t.addClient('c0', async (env) => {
        let version = await putOnceEach(t, clerksOf(t, env, WARM_UP), 0);
        let least = Infinity;
        for (let round = 0; round < t.params.rounds; round++) {
          const clerks = clerksOf(t, env, t.params.clerks);
          const before = t.heapBytes();
          version = await putOnceEach(t, clerks, version);
          const after = t.heapBytes();
          // What is measured must not change the course of the run.
          if (before === undefined || after === undefined) continue;
          t.probe('the heap was measured');
          least = Math.min(least, Math.max(0, (after - before) / clerks.length));
        }
        if (least === Infinity) return;
        t.count('heap bytes per clerk', Math.round(least));
        t.expectWithin('no state per client', least <= t.params.bytesPerClerk, () => {
          return `the heap grew by ${least.toFixed(1)} bytes per clerk`;
        });
      });
    },
  });
}

function clerksOf<P>(t: Tester<P, KvLayers>, env: Env, count: number): KvClerk[] {
  return Array.from({ length: count }, () => addClerk(t, env));
}

/** One put by each clerk, the first at `version`. Returns the version after the last. */
async function putOnceEach<P>(
  t: Tester<P, KvLayers>,
  clerks: readonly KvClerk[],
  version: number,
): Promise<number> {
  for (const [i, clerk] of clerks.entries()) {
    const err = await clerk.put('k', VALUE, version + i);
    t.expect('every put succeeds', err === 'OK', () => `put ${i} answered "${err}"`);
  }
  t.count('puts', clerks.length);
  return version + clerks.length;
}

const TEST = 'TestMemPutManyClientsReliable';

/** The bound of 2026 is on the server's memory alone. */
export const memory: Scenario = memoryScenario('kv/memory-many-clerks', TEST, 20_000, 10, 3);

/** That of 2025 was on the memory of the whole process, clerks included. */
export const memory2025: Scenario = memoryScenario(
  'kv/memory-many-clerks-2025',
  `${TEST}2025`,
  100_000,
  200,
  1,
);
