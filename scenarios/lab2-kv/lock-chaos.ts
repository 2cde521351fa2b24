import { z } from 'zod';
import type { Lock } from '../../kvsrv/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import type { Phases } from '../define/phases.ts';
import { defineScenario, type DrawStream, type Scenario } from '../define/scenario.ts';
import { phaseFields, settableMs } from '../define/phases.ts';
import { BUDGET, drawChaos } from './chaos-plan.ts';
import { chaosProbes, finishAfterHealing } from './chaos-run.ts';
import { lockIsExclusive } from './checks.ts';
import { addClerk, addServer, kvLayers } from './cluster.ts';
import { clientSettings, holdIntent } from './intents.ts';
import { addLock, holder } from './recorded-lock.ts';

/**
 * Locks beyond the official tests: several names, held one inside the other, through clerks that
 * sometimes give up, while the server crashes and clients are cut off.
 */
export const lockChaos: Scenario = defineScenario({
  name: 'lock/chaos',
  lab: 2,
  description: 'nested locks under server crashes, partitions and clerks that give up',
  params: z.object({
    clients: z.int().min(1).max(50).default(6).describe('number of clients'),
    locks: z.int().min(1).default(2).describe('number of lock names'),
    rounds: z.int().min(1).default(6).describe('how often each client takes locks'),
    holdMs: settableMs(0, 20, 'longest time inside'),
    ...phaseFields,
    convergeMs: settableMs(1, 60_000, 'time to finish after healing'),
  }),
  layers: kvLayers,
  budget: ({ safetyOnly }) => (safetyOnly ? undefined : BUDGET),
  checks: [lockIsExclusive],
  atLeast: { operations: 50, 'under faults': 5, crashes: 1 },
  probes: [...chaosProbes, { name: 'a lock was acquired', within: 1 }],
  selectors: { holder },
  plan(stream, params) {
    const drawn = drawChaos(stream, params, (random) =>
      Array.from({ length: params.rounds }, () => {
        // Always in the same order: nested locks in any order may deadlock, and rightly so.
        const first = random.below(params.locks);
        const last = random.chance(1, 3) ? params.locks - 1 : first;
        const locks = Array.from({ length: last - first + 1 }, (_, j) => `l${first + j}`);
        return { op: 'hold', locks, holdMs: random.between(0, params.holdMs) };
      }),
    );
    return { ...drawn, faults: [...(drawn.faults ?? []), ...drawHolderPauses(stream, params)] };
  },
  setup(t) {
    addServer(t);
    for (const client of t.clients) {
      const intents = t.intentsOf(client, holdIntent);
      const settings = t.settingsOf(client, clientSettings);
      t.addClient(client.id, async (env) => {
        const clerk = addClerk(t, env, settings);
        const locks = new Map<string, Lock>();
        const lockOf = (name: string): Lock => {
          const lock = locks.get(name) ?? addLock(t, env, clerk, name);
          locks.set(name, lock);
          return lock;
        };
        for (const { locks: names, holdMs } of intents) {
          const held = names.map(lockOf);
          for (const lock of held) await lock.acquire();
          await env.sleep(holdMs);
          for (const lock of held.toReversed()) await lock.release();
        }
      });
    }
  },
  run: (t) => finishAfterHealing(t),
});

/** Whoever holds a lock stands still for a while: others must wait, however long it takes. */
function drawHolderPauses(stream: DrawStream, { warmUpMs, chaosMs }: Phases): FaultAction[] {
  const count = stream('faults/holder').below(3);
  return Array.from({ length: count }, (_, i) => {
    const random = stream(`faults/holder${i}`);
    const atMs = warmUpMs + random.below(chaosMs);
    const untilMs = atMs + random.between(10, 500);
    return { id: `holder${i}`, kind: 'pause', atMs, untilMs, node: { select: 'holder' } };
  });
}
