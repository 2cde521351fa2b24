import { msToUs } from '../kernel/time.ts';
import { eventLabel } from '../kernel/kernel.ts';
import { told, type FaultSite, type Lift, type Problem } from './fault-kind.ts';

/** On for so many ms, off for so many, again and again. */
export type FlapMs = readonly [on: number, off: number];

export function flapProblem(flapMs: FlapMs | undefined): Problem | undefined {
  if (flapMs === undefined) return undefined;
  const isLong = (ms: unknown): boolean => typeof ms === 'number' && ms >= 1 && ms <= 3_600_000;
  if (Array.isArray(flapMs) && flapMs.length === 2 && flapMs.every(isLong)) return undefined;
  return { field: 'flapMs', why: `expected two times of at least 1 ms, got ${told(flapMs)}` };
}

/** Begin something, and let it come and go if `flapMs` says so. */
export function flapping(
  { kernel }: FaultSite,
  id: string,
  flapMs: FlapMs | undefined,
  begin: () => Lift,
): Lift {
  let lift: Lift | undefined = begin();
  if (flapMs === undefined) return lift;
  const [onUs, offUs] = flapMs.map((ms) => msToUs(ms, 'flapMs')) as [number, number];
  const label = eventLabel(`${id} flaps`);
  let isOver = false;
  const turn = (): void => {
    if (isOver) return;
    if (lift === undefined) {
      lift = begin();
    } else {
      lift();
      lift = undefined;
    }
    wait();
  };
  const wait = (): void => {
    const at = kernel.now + (lift === undefined ? offUs : onUs);
    kernel.schedule('action', undefined, at, turn, label);
  };
  wait();
  return () => {
    isOver = true;
    lift?.();
  };
}
