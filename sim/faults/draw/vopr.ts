import { exponential } from '../../random/bits.ts';
import type { Random } from '../../random/random.ts';
import type { FaultAction } from '../kinds.ts';
import { halves, isolate, type Groups, type Window } from './patterns.ts';

/** The VOPR decides every tick of this many ms whether something begins or ends. */
const TICK_MS = 10;

/**
 * Faults in the manner of TigerBeetle's simulator, the VOPR: a run draws how likely it is that a
 * partition, a clog or a crash begins at a tick, and ends, and how the network is cut; links carry
 * 2 to 20 messages. With the network profile `vopr`, which loses and repeats messages.
 * @param damages disks fail as well: one of them has up to 10 % of its reads and writes fail, or
 *   written elsewhere
 */
export function drawVopr(
  random: Random,
  id: string,
  nodes: readonly string[],
  window: Window,
  damages: boolean,
): FaultAction[] {
  const named = (what: string, actions: readonly Body[]): FaultAction[] =>
    actions.map((action, i) => ({ ...action, id: `${id}.${what}${i}` }) as FaultAction);
  return [
    ...named('capacity', [{ ...whole(window), kind: 'capacity', messages: random.between(2, 20) }]),
    ...named('partition', partitions(random, nodes, window)),
    ...named('clog', clogs(random, nodes, window)),
    ...named('crash', crashes(random, nodes, window)),
    ...named('disk', damages ? damagedDisk(random, nodes, window) : []),
  ];
}

type Body = Omit<FaultAction, 'id'> & Readonly<Record<string, unknown>>;

function whole({ fromMs, untilMs }: Window): { atMs: number; untilMs: number } {
  return { atMs: fromMs, untilMs };
}

/** From time to time one begins, with up to 3 % a tick, and ends with 1 to 10 %; never both. */
function partitions(random: Random, nodes: readonly string[], window: Window): Body[] {
  const cut = random.pick([undefined, halves, sizes, one]);
  const isSymmetric = random.chance(1, 2);
  const beginPpm = random.below(30_001);
  const endPpm = random.between(10_000, 100_000);
  if (cut === undefined) return [];
  return spells(random, window, beginPpm, endPpm, random.between(1000, 2000)).map((times) => {
    const groups = cut(random, nodes);
    const [from = [], to = []] = groups;
    if (isSymmetric) return { ...times, kind: 'partition', groups };
    return { ...times, kind: 'cut', from, to };
  });
}

/** A number of nodes that is drawn first: all sizes are as likely. */
function sizes(random: Random, nodes: readonly string[]): Groups {
  const size = random.between(1, Math.max(1, nodes.length - 1));
  const shuffled = random.shuffle(nodes);
  return [shuffled.slice(0, size), shuffled.slice(size)];
}

function one(random: Random, nodes: readonly string[]): Groups {
  return isolate(random.pick(nodes), nodes);
}

/** Of each link: with up to 2 % a tick, for an exponential time of mean up to 5 s. */
function clogs(random: Random, nodes: readonly string[], window: Window): Body[] {
  const beginPpm = random.below(20_001);
  const meanMs = random.between(1, 500);
  const links = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => [from, to]));
  // A clog for every link would leave nothing else to see: some of them.
  return random
    .shuffle(links)
    .slice(0, nodes.length)
    .flatMap(([from, to]) => {
      const endPpm = Math.max(1, Math.floor((1_000_000 * TICK_MS) / meanMs));
      return spells(random, window, Math.floor(beginPpm / 4), Math.min(1_000_000, endPpm), 0).map(
        (times) => ({ ...times, kind: 'clog', from, to }),
      );
    });
}

function crashes(random: Random, nodes: readonly string[], window: Window): Body[] {
  const beginPpm = random.below(3001);
  return nodes.flatMap((node) =>
    spells(random, window, beginPpm, 20_000, 0).map((times) => ({ ...times, kind: 'crash', node })),
  );
}

function damagedDisk(random: Random, nodes: readonly string[], window: Window): Body[] {
  const node = random.pick(nodes);
  const ppm = (): number => random.below(100_001);
  return [
    { ...whole(window), kind: 'disk-error', node, ops: ['read', 'write'], ppm: ppm() },
    { ...whole(window), kind: 'misdirected-write', node, ppm: ppm() },
  ];
}

/**
 * When something lasts that begins at a tick with one probability, and ends at a tick with another.
 * @param stableMs shortest time between two changes
 */
function spells(
  random: Random,
  { fromMs, untilMs }: Window,
  beginPpm: number,
  endPpm: number,
  stableMs: number,
): { atMs: number; untilMs: number }[] {
  const found: { atMs: number; untilMs: number }[] = [];
  if (beginPpm === 0) return found;
  const wait = (ppm: number): number =>
    Math.max(stableMs, TICK_MS, exponential(random.uint32(), Math.floor((TICK_MS * 1e6) / ppm)));
  let atMs = fromMs + wait(beginPpm);
  while (atMs < untilMs) {
    const endMs = Math.min(untilMs, atMs + wait(endPpm));
    found.push({ atMs, untilMs: endMs });
    atMs = endMs + wait(beginPpm);
  }
  return found;
}
