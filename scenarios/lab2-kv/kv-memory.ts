import { z } from 'zod';
import type { KvLayers } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { addClerk, addServer } from './cluster.ts';
import { kvLayers } from './kv-official.ts';

/** Puts before the first measurement, so that it does not count what the first use costs. */
const WARM_UP = 2000;

/** Every put writes this: the memory of a server that keeps values per client shows at once. */
const VALUE = 'x'.repeat(1000);

function memoryScenario(
  name: string,
  test: string,
  clerks: number,
  bytesPerClerk: number,
): Scenario {
  return defineScenario({
    name,
    lab: 2,
    test,
    description: `${clerks} clerks put once each; at most ${bytesPerClerk} B of heap per clerk`,
    params: z.object({
      clerks: z.int().min(1).default(clerks).describe('number of clerks'),
      bytesPerClerk: z.int().min(1).default(bytesPerClerk).describe('bound on heap growth'),
    }),
    layers: kvLayers,
    once: true,
    probes: [{ name: 'the heap was measured', within: 1 }],
    setup(t) {
      addServer(t);
      // All clerks in one process, as in the course's tester: what grows is the server's share.
      t.addClient('c0', async (env) => {
        await putOnceEach(t, env, 0, WARM_UP);
        const makers = Array.from({ length: t.params.clerks }, () => addClerk(t, env));
        const before = t.heapBytes();
        for (const [i, clerk] of makers.entries()) {
          const err = await clerk.put('k', VALUE, WARM_UP + i);
          t.expect('every put succeeds', err === 'OK', () => `put ${i} answered "${err}"`);
        }
        const after = t.heapBytes();
        if (before === undefined || after === undefined) return;
        t.probe('the heap was measured');
        const growth = (after - before) / makers.length;
        t.count('heap bytes per clerk', Math.max(0, Math.round(growth)));
        t.expectWithin('no state per client', growth <= t.params.bytesPerClerk, () => {
          return `the heap grew by ${growth.toFixed(1)} bytes per clerk`;
        });
      });
    },
  });
}

async function putOnceEach<P>(
  t: Tester<P, KvLayers>,
  env: Env,
  from: number,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) await addClerk(t, env).put('k', VALUE, from + i);
}

const TEST = 'TestMemPutManyClientsReliable';

/** The bound of 2026 is on the server's memory alone. */
export const memory: Scenario = memoryScenario('kv/memory-many-clerks', TEST, 20_000, 10);

/** That of 2025 was on the memory of the whole process, clerks included. */
export const memory2025: Scenario = memoryScenario(
  'kv/memory-many-clerks-2025',
  `${TEST}2025`,
  100_000,
  200,
);
