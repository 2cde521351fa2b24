import { z } from 'zod';
import type { Random } from '../../sim/index.ts';
import type { ClientPlan } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';

/** Who carries the rounds out; in a plan it is a client, each round one of its intents. */
export const ADVERSARY = 'adversary';

/**
 * How the next company differs from the one before. A company is a bare majority, and nobody else
 * can be reached; but for
 * - `all`: everybody can talk to everybody.
 * - `apart`: without its leader, and with as few of its servers as two majorities can share: one.
 * - `around`: the leader stays, and others take the place of those around it.
 * - `back`: around the leader before this one, without this one.
 */
export const MOVES = ['all', 'apart', 'around', 'back'] as const;

/** One move of the adversary. */
export const round: z.ZodType<Round> = z.strictObject({
  op: z.literal('round'),
  move: z.enum(MOVES),
  order: z.array(z.int().min(0)),
  crashes: z.boolean(),
  others: z.enum(['cut off', 'down']),
  lateMs: z.int().min(0),
  commands: z.int().min(0),
  paceMs: z.int().min(0),
  audience: z.int().min(0),
  beforeMs: z.int().min(0),
  afterMs: z.int().min(0),
});

export interface Round {
  readonly op: 'round';
  readonly move: (typeof MOVES)[number];
  /** The servers in the order in which they are chosen, where there is a choice. */
  readonly order: number[];
  /** Those who were in the company before, but its leader, crash, and come back at once. */
  readonly crashes: boolean;
  /** What becomes of those who are not in the company; who has led lately is never down. */
  readonly others: 'cut off' | 'down';
  /** Longest delay of any message meanwhile, in ms; 0 = none. */
  readonly lateMs: number;
  /** How many commands the leader of the company is given. */
  readonly commands: number;
  /** From one of them to the next, in ms. */
  readonly paceMs: number;
  /** How many of the company hear of them; fewer than a majority: they are not committed. */
  readonly audience: number;
  /** From its being found to the commands, and from these to the next round, in ms. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Rounds are drawn for longer than a run is: most wait for an election. */
const SHORTEST_MS = 100;

/** What a run is like: intensities are drawn anew for each, so that none hides the others. */
interface Mood {
  readonly moves: readonly Round['move'][];
  /** One after the other, again and again; otherwise any of them. */
  readonly isInTurn: boolean;
  readonly crashes: number;
  readonly down: number;
  readonly late: number;
  readonly lateMs: number;
  readonly silent: number;
  readonly commands: number;
  readonly restMs: number;
}

function drawMood(random: Random): Mood {
  return {
    moves: random.pick([
      ['apart', 'apart', 'around', 'back'],
      ['apart', 'back'],
      ['apart', 'around', 'back'],
      ['apart'],
      ['all', 'apart'],
      ['all', 'around', 'apart', 'back'],
    ] as const),
    isInTurn: random.chance(1, 2),
    crashes: random.pick([0, 2, 4]),
    down: random.pick([0, 2, 4]),
    late: random.pick([0, 0, 1, 3]),
    lateMs: random.pick([20, 300, 1500]),
    silent: random.pick([0, 1, 3]),
    commands: random.pick([1, 3, 12]),
    restMs: random.pick([10, 60, 300]),
  };
}

/** All moves of a run. Each has a stream of its own, so that removing one shifts no other. */
export function drawRounds(stream: DrawStream, servers: number, chaosMs: number): ClientPlan {
  const mood = drawMood(stream('mood'));
  const ids = Array.from({ length: servers }, (_, i) => i);
  const count = Math.max(1, Math.floor(chaosMs / SHORTEST_MS));
  const rounds = Array.from({ length: count }, (_, i) =>
    drawRound(stream(`round/${i}`), mood, ids, i),
  );
  return { id: ADVERSARY, settings: {}, intents: rounds.map((one) => ({ ...one })) };
}

function drawRound(random: Random, mood: Mood, ids: readonly number[], i: number): Round {
  const few = (ids.length >> 1) + 1;
  const isLate = random.chance(mood.late, 4);
  const lateMs = random.between(1, mood.lateMs);
  const isSilent = random.chance(mood.silent, 4);
  const commands = random.between(1, mood.commands);
  const anyMove = random.pick(mood.moves);
  const move = mood.isInTurn ? mood.moves[i % mood.moves.length]! : anyMove;
  const rest = (move === 'all' ? ids.length : few) - 1;
  return {
    op: 'round',
    move,
    order: random.shuffle(ids),
    crashes: random.chance(mood.crashes, 4),
    others: random.chance(mood.down, 4) ? 'down' : 'cut off',
    lateMs: isLate ? lateMs : 0,
    commands: isSilent ? 0 : commands,
    paceMs: random.pick([0, 0, 5, 20]),
    // Nobody, all, or anything in between.
    audience: random.pick([0, random.between(0, rest), rest]),
    beforeMs: random.pick([0, 0, mood.restMs]),
    afterMs: random.between(0, mood.restMs),
  };
}
