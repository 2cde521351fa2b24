import { eventLabel } from '../kernel/kernel.ts';
import { isTime, MAX_MS, msToUs } from '../kernel/time.ts';
import type { Reached } from '../node/code-point.ts';
import { namesProblem, told, type FaultBase, type FaultKind } from './fault-kind.ts';

/**
 * A node crashes at a place in its code: before or after its n-th env call, where a call is
 * anything that a program does with its env, and each reply of a handler; or at a point that the
 * code names itself. It starts again `downMs` later.
 */
export interface CrashPoint extends FaultBase {
  readonly kind: 'crash-point';
  readonly node: string;
  /** In which life, counted from 1. Default: whichever comes there first. */
  readonly life?: number | undefined;
  /** The n-th env call of that life, counted from 1. */
  readonly call?: number | undefined;
  /** Before or after the effect of that call. Default: before. */
  readonly when?: 'before' | 'after' | undefined;
  /** Instead of `call`: the name that the code gave to {@link Env.point}. */
  readonly point?: string | undefined;
  /** The n-th time that this point is reached while the fault is in force. Default: the first. */
  readonly nth?: number | undefined;
  readonly downMs: number;
}

const SIDES: readonly string[] = ['before', 'after'];

export const crashPoint: FaultKind<CrashPoint> = {
  isAwaited: true,
  problem({ node, life = 1, call, when, point, nth = 1, downMs }) {
    if (typeof node !== 'string') return { field: 'node', why: `expected one, got ${told(node)}` };
    const naming = namesProblem('when', when === undefined ? when : [when], SIDES);
    if (naming !== undefined) return naming;
    if (point !== undefined && typeof point !== 'string') {
      return { field: 'point', why: `expected a name, got ${told(point)}` };
    }
    if ((call === undefined) === (point === undefined)) {
      return { field: 'call', why: 'expected either a call or a point' };
    }
    for (const [field, value] of Object.entries({
      life,
      call: call === undefined ? 1 : call,
      nth,
    })) {
      if (!Number.isInteger(value) || value < 1) {
        return { field, why: `expected a whole number from 1, got ${value}` };
      }
    }
    if (isTime(downMs)) return undefined;
    return {
      field: 'downMs',
      why: `expected milliseconds from 0 to ${MAX_MS}, got ${told(downMs)}`,
    };
  },
  describe({ node, call, when = 'before', point }) {
    const place = point === undefined ? `${when} its env call ${call}` : `at "${point}"`;
    return `crash ${node} ${place}`;
  },
  start(site, action) {
    const { id, node, life, call, when = 'before', point, nth = 1, downMs } = action;
    let passed = 0;
    let isDown = false;
    const isIt = (place: Reached): boolean =>
      'point' in place
        ? place.point === point && ++passed === nth
        : place.call === call && place.when === when;
    const restart = (): void => {
      if (!isDown) return;
      isDown = false;
      site.letUp(node);
    };
    let hasStruck = false;
    const reached = (place: Reached): void => {
      if (hasStruck || !isIt(place)) return;
      hasStruck = true;
      isDown = true;
      site.matched(id);
      const { kernel } = site;
      const at = kernel.now + msToUs(downMs, 'downMs');
      kernel.schedule('action', undefined, at, restart, eventLabel(id));
      site.holdDown(node);
    };
    const remove = site.machine(node).setTrap({ life, reached });
    return () => {
      remove();
      restart();
    };
  },
};
