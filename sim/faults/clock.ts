import { MAX_DRIFT_PPM } from '../clocks/rate.ts';
import { msToUs } from '../kernel/time.ts';
import { told, type FaultBase, type FaultKind } from './fault-kind.ts';
import { flapping, flapProblem, type FlapMs } from './flapping.ts';
import { describeTarget, nodesOf, type NodeTarget } from './target.ts';

/**
 * The clocks of nodes are wrong: set off by `offsetMs`, and running too fast or too slow. Timers
 * run at the rate of their node's clock; being set does not touch them.
 */
export interface ClockFault extends FaultBase {
  readonly kind: 'clock';
  readonly node: NodeTarget;
  /** How far the clock is set forward (or back, if negative), in ms. Default: 0. */
  readonly offsetMs?: number | undefined;
  /** How much too fast it runs (or too slow), in parts per million. Default: 0. */
  readonly driftPpm?: number | undefined;
  /** Wrong for so many ms, right for so many, again and again (a strobe). */
  readonly flapMs?: FlapMs | undefined;
}

const MAX_OFFSET_MS = 1e9;

export const clock: FaultKind<ClockFault> = {
  problem({ offsetMs = 0, driftPpm = 0, flapMs }) {
    if (typeof offsetMs !== 'number' || !(Math.abs(offsetMs) <= MAX_OFFSET_MS)) {
      const most = `at most ${MAX_OFFSET_MS} ms either way`;
      return { field: 'offsetMs', why: `expected ${most}, got ${told(offsetMs)}` };
    }
    if (!Number.isInteger(driftPpm) || Math.abs(driftPpm) > MAX_DRIFT_PPM) {
      const most = `a whole number of at most ${MAX_DRIFT_PPM} ppm either way`;
      return { field: 'driftPpm', why: `expected ${most}, got ${driftPpm}` };
    }
    return flapProblem(flapMs);
  },
  describe({ node, offsetMs = 0, driftPpm = 0 }) {
    const parts = [
      ...(offsetMs === 0 ? [] : [`${offsetMs} ms off`]),
      ...(driftPpm === 0 ? [] : [`${driftPpm} ppm too fast`]),
    ];
    return `clock of ${describeTarget(node)} ${parts.join(', ')}`;
  },
  start(site, { id, node, offsetMs = 0, driftPpm = 0, flapMs }) {
    const machines = nodesOf(node).map((name) => site.machine(name));
    const offsetUs = Math.sign(offsetMs) * msToUs(Math.abs(offsetMs), 'offsetMs');
    const change = (sign: 1 | -1): void => {
      for (const machine of machines) {
        machine.clock.set(sign * offsetUs);
        if (driftPpm !== 0) machine.drift(sign * driftPpm);
      }
    };
    return flapping(site, id, flapMs, () => {
      change(1);
      return () => change(-1);
    });
  },
};
