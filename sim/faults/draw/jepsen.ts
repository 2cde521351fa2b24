import type { Random } from '../../random/random.ts';
import type { FaultAction } from '../kinds.ts';
import { bridge, halves, isolate, majoritiesRing, type Groups, type Window } from './patterns.ts';

type Nemesis = (random: Random, nodes: readonly string[]) => DistributiveOmit<FaultAction>;
type DistributiveOmit<A> = A extends FaultAction ? Omit<A, 'id' | 'atMs' | 'untilMs'> : never;

const partition = (groups: Groups): DistributiveOmit<FaultAction> => ({
  kind: 'partition',
  groups,
});

const oneOrMore = (random: Random, nodes: readonly string[]): readonly string[] =>
  random.shuffle(nodes).slice(0, random.between(1, nodes.length));

/** What Jepsen's nemeses do, as combined packages: partitions, kills, pauses, clocks, files. */
const nemeses: readonly Nemesis[] = [
  (random, nodes) => partition(halves(random, nodes)),
  (random, nodes) => partition(isolate(random.pick(nodes), nodes)),
  (random, nodes) => partition(majoritiesRing(random, nodes)),
  (random, nodes) => partition(bridge(random, nodes)),
  (random, nodes) => ({ kind: 'crash', node: oneOrMore(random, nodes) }),
  (random, nodes) => ({ kind: 'pause', node: oneOrMore(random, nodes) }),
  // A bump by anything from milliseconds to minutes, either way.
  (random, nodes) => ({
    kind: 'clock',
    node: oneOrMore(random, nodes),
    offsetMs: (random.chance(1, 2) ? 1 : -1) * random.between(2, 1 << random.between(2, 18)),
  }),
  (random, nodes) => {
    const flapMs: [number, number] = [random.between(1, 100), random.between(1, 100)];
    const offsetMs = random.between(2, 1 << random.between(2, 18));
    return { kind: 'clock', node: oneOrMore(random, nodes), offsetMs, flapMs };
  },
];

const bitFlips: Nemesis = (random, nodes) => ({
  kind: 'bit-rot',
  node: random.pick(nodes),
  ppm: random.pick([10, 100, 1000]),
});

/**
 * A nemesis in the manner of Jepsen: one disturbance after the other, each for some seconds, with
 * some quiet in between; so that one kind at a time hits whatever the one before has left.
 * @param damages bits of files flip as well: 1e-3 to 1e-5 of the files that one node reads
 */
export function drawJepsen(
  random: Random,
  id: string,
  nodes: readonly string[],
  { fromMs, untilMs }: Window,
  damages: boolean,
): FaultAction[] {
  const actions: FaultAction[] = [];
  const choices = damages ? [...nemeses, bitFlips] : nemeses;
  let atMs = fromMs;
  while (atMs < untilMs) {
    const endMs = Math.min(untilMs, atMs + random.between(500, 5000));
    const body = random.pick(choices)(random, nodes);
    const times = { id: `${id}.${actions.length}`, atMs, untilMs: endMs };
    actions.push({ ...body, ...times });
    atMs = endMs + random.between(200, 2000);
  }
  return actions;
}
