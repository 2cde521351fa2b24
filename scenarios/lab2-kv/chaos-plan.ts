import type { FaultAction, Random } from '../../sim/index.ts';
import type { DrawStream } from '../define/scenario.ts';
import { SERVER } from './cluster.ts';

/** Settings that the chaos scenarios share. */
export interface ChaosParams {
  readonly clients: number;
  /** Length of the phase in which faults happen, in ms. */
  readonly chaosMs: number;
}

/** Most actions of each kind in one plan. */
const MOST = { crash: 4, partition: 4, delay: 3 } as const;

/**
 * The faults of a chaos plan: a swarm draw. Each kind takes part in a run or not, and with its own
 * intensity, because everything at once hides bugs that one kind alone would show.
 */
export function drawFaults(stream: DrawStream, params: ChaosParams): FaultAction[] {
  const kinds = Object.keys(MOST) as (keyof typeof MOST)[];
  return kinds.flatMap((kind) => {
    const count = stream(`faults/${kind}`).below(MOST[kind] + 1);
    return Array.from({ length: count }, (_, i) => {
      const id = `${kind}${i}`;
      return drawAction(kind, id, stream(`faults/${id}`), params);
    });
  });
}

function drawAction(
  kind: keyof typeof MOST,
  id: string,
  random: Random,
  { clients, chaosMs }: ChaosParams,
): FaultAction {
  const atMs = random.below(chaosMs);
  const names = Array.from({ length: clients }, (_, i) => `c${i}`);
  switch (kind) {
    case 'crash':
      return { id, kind, atMs, untilMs: atMs + random.between(1, 600), node: SERVER };
    case 'partition': {
      const cutOff = random.shuffle(names).slice(0, random.between(1, clients));
      const untilMs = atMs + random.between(10, 1500);
      return { id, kind, atMs, untilMs, groups: [[SERVER], cutOff] };
    }
    case 'delay': {
      // Longer than a call's time-out, so that requests arrive after their clerk has given up.
      const least = random.between(10, 200);
      const untilMs = atMs + random.between(50, 1000);
      const extraMs: [number, number] = [least, least + random.between(0, 400)];
      return { id, kind, atMs, untilMs, between: [random.pick(names), SERVER], extraMs };
    }
  }
}

/** The network under the faults, and how events at one instant are ordered. */
export function drawNetwork(stream: DrawStream): { profile: string; ties: 'fifo' | 'random' } {
  const random = stream('network');
  return {
    profile: random.pick(['lab-unreliable', 'lan']),
    ties: random.pick(['fifo', 'random']),
  };
}
