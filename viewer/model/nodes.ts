import type { RunData } from './run-data.ts';

/** What a node is to its run, which says where its lane stands. */
export type Part = 'server' | 'other' | 'client' | 'tester';

export interface NodeLane {
  readonly id: string;
  readonly part: Part;
}

const ORDER: readonly Part[] = ['server', 'other', 'client', 'tester'];

/** The name of the node that a scenario itself runs on. */
const TESTER = 'tester';

/** The nodes of a run: those that show what they know first, then others, clients last. */
export function nodeLanes(data: RunData): NodeLane[] {
  const seen = new Set<number>();
  const showing = new Set<string>(data.revealed.map(({ node }) => node));
  for (let i = 0; i < data.length; i++) {
    const node = data.node[i] as number;
    if (node === 0) continue;
    seen.add(node);
    if (data.kindAt(i) === 'state') showing.add(data.string(node));
  }
  const clients = new Set(data.history.map(({ client }) => client));
  const partOf = (id: string): Part => {
    if (id === TESTER) return 'tester';
    if (showing.has(id)) return 'server';
    return clients.has(id) ? 'client' : 'other';
  };
  return [...seen]
    .map((node) => data.string(node))
    .map((id): NodeLane => ({ id, part: partOf(id) }))
    .toSorted((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part) || byNumber(a.id, b.id));
}

/** `s2` before `s10`. */
export function byNumber(a: string, b: string): number {
  const [as, bs] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const [x = '', y = ''] = [as[i], bs[i]];
    if (x === y) continue;
    const [m, n] = [Number(x), Number(y)];
    if (x !== '' && y !== '' && !Number.isNaN(m) && !Number.isNaN(n)) return m - n;
    return x < y ? -1 : 1;
  }
  return 0;
}

function parts(name: string): string[] {
  return name.split(/(\d+)/);
}
