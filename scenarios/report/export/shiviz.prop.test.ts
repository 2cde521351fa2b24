import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../../../sim/index.ts';
import { packs } from '../../catalogue.ts';
import { Registry } from '../../define/registry.ts';
import { runScenario } from '../../testing/run-scenario.ts';
import { messageOf } from '../journeys.ts';
import { isEvent } from './instants.ts';
import { hostName, shivizText } from './shiviz.ts';

/** Of a trace only the beginning is compared pair by pair. */
const MOST = 300;

/** An event as ShiViz sees it. */
interface Line {
  readonly host: string;
  readonly number: number;
  readonly clock: Readonly<Record<string, number>>;
}

/**
 * Reads a file as ShiViz documents it: the first line is the regular expression, the second one the
 * delimiter of several runs, here none; the rest is searched for matches.
 */
function parse(file: string): Line[] {
  const [expression = '', delimiter, ...rest] = file.split('\n');
  expect(delimiter).toBe('');
  const log = rest.join('\n');
  const lines: Line[] = [];
  let end = 0;
  for (const match of log.matchAll(new RegExp(expression, 'g'))) {
    // Nothing between two events that it would pass over in silence.
    if (log.slice(end, match.index).trim() !== '') throw new Error(`passed over at ${end}`);
    end = match.index + match[0].length;
    const { host = '', number = '', clock = '' } = match.groups ?? {};
    lines.push({ host, number: Number(number), clock: JSON.parse(clock) as Line['clock'] });
  }
  expect(log.slice(end).trim()).toBe('');
  return lines;
}

/** What ShiViz refuses: it says these rules in its messages. */
function refused(lines: readonly Line[]): Line[] {
  const times = new Map<string, number>();
  return lines.filter(({ host, clock }) => {
    const before = times.get(host) ?? 0;
    times.set(host, clock[host] ?? 0);
    // Clocks speak of hosts that there are, and of events that they have had.
    const isKnown = Object.entries(clock).every(
      ([other, time]) => time >= 1 && time <= (times.get(other) ?? 0),
    );
    return clock[host] !== before + 1 || !isKnown;
  });
}

const DONE_TO = ['crash', 'restart', 'pause', 'resume'];

/** For each line of a trace the lines that happened before it, by what the trace says of causes. */
function pastsOf(trace: Trace): { hosts: string[]; pasts: Set<number>[] } {
  const hosts: string[] = [];
  const pasts: Set<number>[] = [];
  const lastOf = new Map<string, number>();
  /** What each event of the trace follows, itself included if it has a line. */
  const upTo = new Map<number, Set<number>>();
  const sentIn = new Map<string, number>();
  const add = (node: string, past: Set<number>): number => {
    const last = lastOf.get(node);
    if (last !== undefined) for (const line of [last, ...(pasts[last] ?? [])]) past.add(line);
    lastOf.set(node, hosts.push(node) - 1);
    pasts.push(past);
    return hosts.length - 1;
  };
  for (const record of trace) {
    const { event, cause, node, kind } = record;
    if (isEvent(record)) {
      const past = new Set(upTo.get(cause));
      const sender = sentIn.get(messageOf(record) ?? '');
      if (sender !== undefined) for (const line of upTo.get(sender) ?? []) past.add(line);
      const line = node === undefined ? undefined : add(node, past);
      upTo.set(event, line === undefined ? past : new Set([...past, line]));
    } else if (kind === 'send') {
      sentIn.set(messageOf(record) ?? '', event);
    } else if (DONE_TO.includes(kind) && node !== undefined) {
      add(node, new Set(upTo.get(event)));
    }
    if (hosts.length >= MOST) break;
  }
  return { hosts, pasts };
}

async function traceOf(scenario: string, seed: number): Promise<Trace> {
  const trace = new Trace();
  await runScenario(new Registry(packs).scenario(scenario), seed, { trace });
  return trace;
}

/** Both styles of network; crashes, pauses, held and doubled messages; a tester that reaches in. */
const scenarios = ['raft/chaos-5', 'kv/chaos', 'kvraft/chaos-3'];

describe.each(scenarios)('of %s', (scenario) => {
  test('clocks are those of the happened-before relation', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10_000 }), async (seed) => {
        const trace = await traceOf(scenario, seed);
        const lines = parse([...shivizText(trace)].join(''));
        expect(refused(lines)).toEqual([]);
        const { hosts, pasts } = pastsOf(trace);
        expect(lines.slice(0, hosts.length).map(({ host }) => host)).toEqual(hosts);
        const wrong: string[] = [];
        pasts.forEach((past, later) => {
          for (let earlier = 0; earlier < later; earlier++) {
            const { host, clock, number } = lines[earlier] as Line;
            const isKnown = ((lines[later] as Line).clock[host] ?? 0) >= (clock[host] as number);
            if (isKnown !== past.has(earlier)) wrong.push(`${number} ${lines[later]?.number}`);
          }
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 2 },
    );
  });
});

test('a message that was held is received after all that its sender knew', () => {
  const trace = new Trace();
  const at = (event: number, cause: number, record: Partial<TraceRecord>): void =>
    trace.record({ event, cause, timeUs: event, kind: 'start', label: 'x', ...record });
  const message = { label: 'm', from: 'a', to: 'b', n: 0 };
  at(1, 0, { node: 'a' });
  at(1, 1, { ...message, kind: 'send', node: 'a' });
  at(2, 1, { ...message, kind: 'message', node: 'b' });
  at(2, 2, { ...message, kind: 'held', node: 'a' });
  at(3, 0, { kind: 'action' });
  at(4, 3, { ...message, kind: 'message', node: 'b' });

  expect(parse([...shivizText(trace)].join('')).at(-1)?.clock).toEqual({ a: 1, b: 2 });
});

test('names of hosts have no white space, and differ as those of the nodes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(hostName(a)).not.toMatch(/\s/u);
      expect(hostName(a) === hostName(b)).toBe(a === b);
    }),
  );
});
