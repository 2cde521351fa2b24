import { parts, type Part } from '../hardware/pace.ts';
import { overDisks } from './disk-fault.ts';
import { namesProblem, type FaultBase, type FaultKind } from './fault-kind.ts';
import { describeTarget, nodesOf, type NodeTarget } from './target.ts';

/**
 * Machines limp: whatever their hardware begins meanwhile takes `factor` times as long. Faults that
 * meet multiply. What takes no time, such as all that ideal hardware does, does not limp.
 */
export interface Limp extends FaultBase {
  readonly kind: 'limp';
  readonly node: NodeTarget;
  /** How many times as long: a whole number from 2 to 1000. */
  readonly factor: number;
  /** What is slow: `cpu`, `disk`, `nic`. Default: all of it. */
  readonly of?: readonly Part[] | undefined;
}

export const limp: FaultKind<Limp> = {
  isAwaited: true,
  problem({ factor, of }) {
    if (!Number.isInteger(factor) || factor < 2 || factor > 1000) {
      return { field: 'factor', why: `expected a whole number from 2 to 1000, got ${factor}` };
    }
    return namesProblem('of', of, parts, 1);
  },
  describe: ({ node, factor, of = parts }) =>
    `limp ${describeTarget(node)}: ${of.join(', ')} ${factor} times as slow`,
  start(site, action) {
    const { id, node, factor, of = parts } = action;
    const machines = nodesOf(node).map((name) => site.machine(name));
    // Ideal hardware cannot limp: the entry found nothing to hit.
    if (machines.some(({ hardware }) => hardware !== undefined)) site.matched(id);
    const lifts = machines.flatMap(({ cpuPace, nicPace }) => [
      ...(of.includes('cpu') ? [cpuPace.limp(factor)] : []),
      ...(of.includes('nic') ? [nicPace.limp(factor)] : []),
    ]);
    if (of.includes('disk')) lifts.push(overDisks(site, action, () => ({ serviceFactor: factor })));
    return () => {
      for (const lift of lifts) lift();
    };
  },
};
