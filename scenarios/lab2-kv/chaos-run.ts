import type { KvLayers } from '../../kvsrv/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import type { Probe } from '../define/check.ts';
import type { Plan } from '../define/plan.ts';
import { throughPhases, type Phases } from '../define/phases.ts';
import type { Tester } from '../define/tester.ts';

function has(kind: FaultAction['kind']): (plan: Plan) => boolean {
  return (plan) => plan.faults.some((action) => action.kind === kind);
}

/** What a sweep of a chaos scenario must have seen. */
export const chaosProbes: readonly Probe[] = [
  { name: 'the server crashed', within: 20, when: has('crash') },
  { name: 'a request arrived late', within: 20, when: has('delay') },
  { name: 'a message was lost', within: 5 },
  { name: 'a message was held', within: 20, when: has('clog') },
  { name: 'a crash point was reached', within: 20, when: has('crash-point') },
];

/**
 * Chaos first: only safety counts. Then the world heals, and every client must come to its end
 * within the budget of virtual time.
 */
export async function finishAfterHealing(t: Tester<Phases, KvLayers>): Promise<void> {
  const { convergeMs } = t.params;
  const isDone = await throughPhases(t, () => t.clientsDone());
  t.expectInTime('clients finish once the world has healed', isDone, () => {
    const waiting = t.history.lines.filter((line) => line.status === 'pending').length;
    return `${waiting} operations are still pending ${convergeMs} ms after healing`;
  });
  const { counters } = t.world.network;
  const reached = (action: FaultAction): boolean =>
    action.kind === 'crash-point' && !t.world.unmatchedTargets.includes(action.id);
  if (t.world.crashes > 0) t.probe('the server crashed');
  if (counters.late > 0) t.probe('a request arrived late');
  if (counters.lost > 0) t.probe('a message was lost');
  if (counters.held > 0) t.probe('a message was held');
  if (t.world.faultsStarted.some(reached)) t.probe('a crash point was reached');
}
