import type { Timeline } from '../../history/timeline.ts';
import { type Blocks, inOrder, NONE, NOT_LEFT, REACHED } from './blocks.ts';
import { Zones } from './zones.ts';

/** Why blocks cannot be placed, by the operations that say so. */
export type Conflict =
  /** Of one block: `later` has the higher rank and returned before `earlier` was called. */
  | {
      readonly kind: 'order';
      readonly block: number;
      readonly earlier: number;
      readonly later: number;
    }
  /** Each of the two blocks goes on all the time between two instants, and these times overlap. */
  | { readonly kind: 'overlap'; readonly held: number; readonly other: number }
  /** `held` goes on all the time between two instants, and `other` is there in between. */
  | { readonly kind: 'inside'; readonly held: number; readonly other: number };

/** What came of placing blocks. */
export type Placement =
  { readonly order: Int32Array } | { readonly conflict: Conflict; readonly zones: Zones };

/**
 * Is there an order of all operations in which each block is in one piece, by rank, and the initial
 * one, if it has operations, comes first? The algorithm of Gibbons & Korach ("Testing shared
 * memories", 1997, §4.2) for registers whose values are unique, for blocks of any kind.
 *
 * **Within a block**, an operation acts after those of lower ranks, so it must not return before
 * one of these is called. That is enough: let each act as soon as it and all of lower rank have
 * been called. (1)
 *
 * **The zone** of a block lies between the first return f of its operations and their last call s.
 * If f < s, it is a *forward* zone: one operation acts before f and one after s, so the block goes
 * on all the time from f to s. Otherwise it is a *backward* zone: all its operations are open from
 * s to f, and could all act at one instant of that time. The initial block begins before
 * everything: its f is at -1.
 *
 * **Necessary:** (1); that forward zones are disjoint, since no two blocks go on at one time; and
 * that no backward zone lies inside a forward one: of its operations one acts after s and one
 * before f, hence on the two sides of the other block, and then it is not in one piece.
 *
 * **Sufficient:** the operations of a forward block act as in (1), but not before the last instant
 * before f; so the last of them acts at the first instant after s. Those of a backward block act
 * together, at an instant of its zone that is in no forward zone. There is one: either its very
 * beginning, or the end of the forward zone that covers the beginning. So no two blocks mix.
 *
 * O(n log n): it sorts numbers, and else is linear.
 */
export function placeBlocks(timeline: Timeline, blocks: Blocks): Placement {
  const chains = inOrder(blocks);
  const zones = new Zones(timeline, blocks);
  const gaps = new Int32Array(timeline.operationCount);
  const conflict = actInRankOrder(timeline, blocks, chains, gaps);
  if (conflict !== undefined) return { conflict, zones };
  const turns = takeTurns(timeline, zones);
  if ('kind' in turns) return { conflict: turns, zones };
  return { order: orderOf(timeline, blocks, { chains, zones, gaps, turns }) };
}

/** Finds the first gap in which each operation can act, its block taken by itself. */
function actInRankOrder(
  { callAt, returnAt }: Timeline,
  { of, ranks, tells }: Blocks,
  chains: Int32Array,
  gaps: Int32Array,
): Conflict | undefined {
  let conflict: Extract<Conflict, { kind: 'order' }> | undefined;
  let block = NONE;
  let rank = NONE;
  /** The operations of lower ranks, and of this one too, that are called last. */
  let below = NONE;
  let latest = NONE;
  for (const operation of chains) {
    if (of[operation] !== block) {
      block = of[operation]!;
      latest = NONE;
      below = NONE;
    } else if (ranks[operation] !== rank) {
      below = latest;
    }
    rank = ranks[operation]!;
    const call = callAt[operation]!;
    const binding = below === NONE || tells[operation] === NOT_LEFT ? NONE : callAt[below]!;
    gaps[operation] = Math.max(call, binding);
    // Of several conflicts, the one that is complete first.
    if (returnAt[operation]! < binding) {
      if (conflict === undefined || binding < callAt[conflict.earlier]!) {
        conflict = { kind: 'order', block, earlier: below, later: operation };
      }
    }
    if (tells[operation] !== REACHED && (latest === NONE || call > callAt[latest]!)) {
      latest = operation;
    }
  }
  return conflict;
}

/** The blocks that have operations, in the order in which they act; gaps of backward ones. */
interface Turns {
  readonly blocks: Int32Array;
  readonly gaps: Int32Array;
}

function takeTurns({ entries }: Timeline, zones: Zones): Turns | Conflict {
  const { count } = zones;
  const cover = coverOf(entries.length, zones);
  if ('kind' in cover) return cover;
  const gaps = new Int32Array(count);
  const keys = new Float64Array(count);
  let used = 0;
  for (let block = 0; block < count; block++) {
    if (zones.isEmpty(block)) continue;
    let turn = 2 * zones.lastCall(block);
    if (!zones.isForward(block)) {
      const held = cover[zones.lastCall(block)]!;
      if (held !== NONE && zones.firstReturn(block) < zones.lastCall(held)) {
        return { kind: 'inside', held, other: block };
      }
      gaps[block] = zones.lastCall(held === NONE ? block : held);
      // In one gap: what is left of a forward block comes first.
      turn = 2 * gaps[block]! + 1;
    }
    keys[used++] = turn * count + block;
  }
  const sorted = keys.subarray(0, used).sort();
  return { blocks: Int32Array.from(sorted, (key) => key % count), gaps };
}

/** For each gap the block whose forward zone it is in. */
function coverOf(gapCount: number, zones: Zones): Int32Array | Conflict {
  const starts = new Int32Array(gapCount + 1).fill(NONE);
  for (let block = 0; block < zones.count; block++) {
    if (zones.isForward(block)) starts[zones.firstReturn(block) + 1] = block;
  }
  const cover = new Int32Array(gapCount).fill(NONE);
  let held = starts[0]!;
  for (let position = 0; position < gapCount; position++) {
    if (held !== NONE && zones.lastCall(held) === position) held = NONE;
    const other = starts[position + 1]!;
    if (other !== NONE) {
      if (held !== NONE) return { kind: 'overlap', held, other };
      held = other;
    }
    cover[position] = held;
  }
  return cover;
}

/** All that is known when every block has its turn. */
interface Plan {
  readonly chains: Int32Array;
  readonly zones: Zones;
  readonly gaps: Int32Array;
  readonly turns: Turns;
}

/**
 * The operations in the order in which they act. In one gap: first those that must act before a
 * state is left, then the blocks, then those that must act after a state was reached.
 */
function orderOf({ callAt }: Timeline, blocks: Blocks, plan: Plan): Int32Array {
  const { chains, zones, gaps, turns } = plan;
  const starts = new Int32Array(blocks.count);
  for (let place = chains.length - 1; place >= 0; place--) {
    starts[blocks.of[chains[place]!]!] = place;
  }
  const acting = new Int32Array(chains.length + blocks.free.length);
  const keys = new Float64Array(acting.length);
  let size = 0;
  const act = (operation: number, gap: number, phase: 0 | 1 | 2): void => {
    acting[size] = operation;
    keys[size] = (3 * gap + phase) * acting.length + size;
    size++;
  };
  for (const block of turns.blocks) {
    const forward = zones.isForward(block);
    const earliest = zones.firstReturn(block) - 1;
    for (let place = starts[block]!; blocks.of[chains[place]!] === block; place++) {
      const operation = chains[place]!;
      const gap = gaps[operation]!;
      const tells = blocks.tells[operation]!;
      if (tells === NOT_LEFT) act(operation, callAt[operation]!, 0);
      else if (tells === REACHED) act(operation, gap, 2);
      else act(operation, forward ? Math.max(earliest, gap) : turns.gaps[block]!, 1);
    }
  }
  for (const operation of blocks.free) act(operation, callAt[operation]!, 0);
  return Int32Array.from(keys.sort(), (key) => acting[key % acting.length]!);
}
