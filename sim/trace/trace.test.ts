import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  recordKinds,
  topicOf,
  topics,
  Trace,
  traceLevels,
  World,
  type FaultAction,
  type TraceRecord,
} from '../index.ts';

const plain: TraceRecord = { event: 1, cause: 0, timeUs: 5, kind: 'wake', label: '' };
const rich: TraceRecord = {
  event: 7,
  cause: 3,
  timeUs: 2 ** 40 + 1,
  kind: 'message',
  node: 'b',
  incarnation: 2,
  label: 'put',
  from: 'a',
  to: 'b',
  n: 0,
  payload: { key: 'k', big: 5n },
  text: '',
};

function traceOf(...records: readonly TraceRecord[]): Trace {
  const trace = new Trace();
  for (const record of records) trace.record(record);
  return trace;
}

describe('a trace', () => {
  test('gives back what was recorded, with every field and without', () => {
    const trace = traceOf(plain, rich);
    expect(trace.length).toBe(2);
    expect(trace.at(0)).toEqual(plain);
    expect(trace.at(1)).toEqual(rich);
    expect([...trace]).toEqual([plain, rich]);
  });

  test('keeps all records while its columns grow', () => {
    const records = Array.from({ length: 5000 }, (_, i) => ({ ...rich, event: i, timeUs: 3 * i }));
    expect(traceOf(...records).records).toEqual(records);
  });

  test('has no record before the first or after the last', () => {
    const trace = traceOf(plain);
    for (const i of [-1, 1, NaN]) expect(() => trace.at(i)).toThrow(RangeError);
  });

  test('finds an event with its notes, and nothing for one that has none', () => {
    const of = (event: number): TraceRecord => ({ ...plain, event });
    const trace = traceOf(of(2), of(5), { ...of(5), kind: 'log' }, of(9));
    expect(trace.of(5).map(({ kind }) => kind)).toEqual(['wake', 'log']);
    expect(trace.of(9)).toHaveLength(1);
    expect([1, 3, 10].flatMap((event) => trace.of(event))).toEqual([]);
  });

  test('is told which life a message enters, whatever was noted since', () => {
    const message: TraceRecord = { ...rich, incarnation: undefined };
    const trace = traceOf(plain, message, { ...plain, kind: 'late' });
    trace.entered(4);
    expect(trace.records.map(({ incarnation }) => incarnation)).toEqual([undefined, 4, undefined]);
  });

  test('begins again', () => {
    const trace = traceOf(plain, rich);
    trace.restart();
    trace.record(plain);
    trace.record(plain);
    trace.entered(9);
    expect(trace.records).toEqual([plain, plain]);
  });

  test('crosses to another thread as plain data, and can be read and continued there', () => {
    const columns = structuredClone(traceOf(plain, rich).toColumns());
    const there = Trace.from(columns);
    there.record({ ...rich, label: 'new' });
    expect(there.records).toEqual([plain, rich, { ...rich, label: 'new' }]);
    expect(columns.numbers.event).toHaveLength(2);
  });

  test('without records crosses like any other', () => {
    const there = Trace.from(structuredClone(new Trace('summary').toColumns()));
    expect([there.level, there.length]).toEqual(['summary', 0]);
    there.record({ ...plain, kind: 'log' });
    expect(there.records).toEqual([{ ...plain, kind: 'log' }]);
  });
});

/** A world in which every topic has something to say. */
async function eventfulWorld(trace: Trace | undefined): Promise<World> {
  const faults: FaultAction[] = [{ id: 'f', kind: 'crash', node: 's', atMs: 50, untilMs: 60 }];
  const plan = { profile: 'lab-unreliable', faults };
  const world = new World('levels', { host: nodeHost(), plan, trace });
  world.addNode('s', (env) => {
    env.disk.write('life', String(env.incarnation));
    env.serve({ double: (x: number) => 2 * x });
  });
  world.addNode('c', async (env) => {
    for (let i = 0; i < 30; i++) await env.call('s', 'double', i);
    env.log('done');
    env.probe('done');
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  return world;
}

describe('the level of a trace', () => {
  test('makes no difference to the run', async () => {
    const wanted = (await eventfulWorld(undefined)).digest();
    for (const level of traceLevels) {
      expect((await eventfulWorld(new Trace(level))).digest()).toBe(wanted);
    }
  });

  test('decides what is kept: a summary is the full trace without its traffic', async () => {
    const [off, summary, full] = [new Trace('off'), new Trace('summary'), new Trace('full')];
    for (const trace of [off, summary, full]) await eventfulWorld(trace);
    const traffic = new Set(['network', 'timer', 'disk']);
    expect(off.records).toEqual([]);
    expect(summary.records).toEqual(full.records.filter((r) => !traffic.has(topicOf(r.kind))));
    const kinds = new Set(summary.records.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['action', 'fault', 'crash', 'heal', 'restart', 'log', 'probe']));
  });

  test('a summary does not take a message that it left out for the one before', () => {
    const trace = new Trace('summary');
    trace.record({ ...plain, kind: 'log' });
    trace.record(rich);
    trace.entered(3);
    expect(trace.records).toEqual([{ ...plain, kind: 'log' }]);
  });
});

test('every kind of record has a topic, and every topic a kind', () => {
  expect(new Set(recordKinds.map(topicOf))).toEqual(new Set(topics));
});

test('every event of a full trace has a cause that came before it', async () => {
  const trace = new Trace();
  await eventfulWorld(trace);
  const events = new Set<number>([0]);
  for (const { event, cause } of trace) {
    expect(cause === event || events.has(cause)).toBe(true);
    events.add(event);
  }
  expect(events.size).toBeGreaterThan(50);
});
