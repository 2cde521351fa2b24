import type { KvLayers } from '../../kvsrv/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import type { Probe } from '../define/check.ts';
import type { Plan } from '../define/plan.ts';
import type { Tester } from '../define/tester.ts';

function has(kind: FaultAction['kind']): (plan: Plan) => boolean {
  return (plan) => plan.faults.some((action) => action.kind === kind);
}

/** What a sweep of a chaos scenario must have seen. */
export const chaosProbes: readonly Probe[] = [
  { name: 'the server crashed', within: 20, when: has('crash') },
  { name: 'a request arrived late', within: 20, when: has('delay') },
  { name: 'a message was lost', within: 5 },
];

/**
 * Chaos first: only safety counts. Then the world heals, and every client must come to its end
 * within the budget of virtual time.
 */
export async function finishAfterHealing(
  t: Tester<{ readonly chaosMs: number; readonly convergeMs: number }, KvLayers>,
): Promise<void> {
  const { chaosMs, convergeMs } = t.params;
  await t.sleep(chaosMs);
  t.world.heal();
  const isDone = await t.inTime(convergeMs, t.clientsDone());
  t.expectInTime('clients finish once the world has healed', isDone, () => {
    const waiting = t.history.lines.filter((line) => line.status === 'pending').length;
    return `${waiting} operations are still pending ${convergeMs} ms after healing`;
  });
  if (t.world.crashes > 0) t.probe('the server crashed');
  if (t.world.network.counters.late > 0) t.probe('a request arrived late');
  if (t.world.network.counters.lost > 0) t.probe('a message was lost');
}
