import { z } from 'zod';
import type { FaultAction, Random } from '../../sim/index.ts';
import type { Decisions, Intent } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import { SERVER } from './cluster.ts';
import { drawPatience } from './patience.ts';

/** A time that a user may set, in ms: an hour of virtual time at most. */
export function settableMs(least: number, usual: number, what: string): z.ZodDefault<z.ZodInt> {
  return z.int().min(least).max(3_600_000).default(usual).describe(`${what}, in ms`);
}

/** Settings that the chaos scenarios share. */
export interface ChaosParams {
  readonly clients: number;
  /** Length of the phase in which faults happen, in ms. */
  readonly chaosMs: number;
}

/** Most actions of each kind in one plan. */
const MOST = { crash: 4, partition: 4, delay: 3 } as const;

/**
 * Draw a chaos plan: network, faults and clients, each from streams of its own.
 * @param intents draws what one client means to do, from that client's stream
 */
export function drawChaos(
  stream: DrawStream,
  params: ChaosParams,
  intents: (random: Random) => Intent[],
): Partial<Decisions> {
  const patience = drawPatience(stream);
  const clients = Array.from({ length: params.clients }, (_, i) => {
    const id = `c${i}`;
    return { id, settings: patience(id), intents: intents(stream(`client/${id}`)) };
  });
  return { ...drawNetwork(stream), faults: drawFaults(stream, params), clients };
}

/**
 * The faults of a chaos plan: a swarm draw. Each kind takes part in a run or not, and with its own
 * intensity, because everything at once hides bugs that one kind alone would show.
 */
function drawFaults(stream: DrawStream, params: ChaosParams): FaultAction[] {
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
function drawNetwork(stream: DrawStream): { profile: string; ties: 'fifo' | 'random' } {
  const random = stream('network');
  return {
    profile: random.pick(['lab-unreliable', 'lan']),
    ties: random.pick(['fifo', 'random']),
  };
}
