import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../runner/node-host.ts';
import { Trace, World, type FaultAction, type TraceRecord } from '../../sim/index.ts';
import { statesAt, type NodeState } from './state-at.ts';
import { stateLines } from './text-state.ts';

/** Records at 1 ms each, of node n. */
function traceOf(...drafts: readonly (Partial<TraceRecord> & Pick<TraceRecord, 'kind'>)[]): Trace {
  const trace = new Trace();
  drafts.forEach((draft, i) => {
    const event = i + 1;
    trace.record({ event, cause: 0, timeUs: event * 1000, node: 'n', label: '', ...draft });
  });
  return trace;
}

function stateAt(trace: Trace, ms: number, node = 'n'): NodeState | undefined {
  return statesAt(trace, ms * 1000).find((state) => state.node === node);
}

describe('the state of a node', () => {
  test('up, paused or down, and in which life', () => {
    const trace = traceOf(
      { kind: 'start', incarnation: 1 },
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'crash', incarnation: 1 },
      { kind: 'restart', incarnation: 2 },
    );
    const told = [1, 2, 3, 4, 5].map((ms) => stateAt(trace, ms));
    expect(told.map((state) => state?.status)).toEqual(['up', 'paused', 'up', 'down', 'up']);
    expect(told.map((state) => state?.incarnation)).toEqual([1, 1, 1, 1, 2]);
    expect(stateAt(trace, 0)).toBeUndefined();
  });

  test('what it showed in this life: the latest of each field', () => {
    const show = (payload: unknown): Partial<TraceRecord> & { kind: 'state' } => ({
      kind: 'state',
      label: 'state',
      payload,
    });
    const trace = traceOf(
      show({ term: 1, role: 'follower' }),
      show({ role: 'leader' }),
      { kind: 'crash' },
      { kind: 'restart', incarnation: 2 },
      show({ term: 1 }),
    );
    expect(stateAt(trace, 2)?.fields).toEqual({ term: 1, role: 'leader' });
    expect(stateAt(trace, 4)?.fields).toEqual({});
    expect(stateAt(trace, 5)?.fields).toEqual({ term: 1 });
  });

  test('operations begun and files written; a crash ends the former only', () => {
    const trace = traceOf(
      { kind: 'invocation', payload: { op: 'a' } },
      { kind: 'save', label: 'save', payload: 'f2' },
      { kind: 'save', label: 'save', payload: 'f1' },
      { kind: 'completion' },
      { kind: 'invocation', payload: { op: 'b' } },
      { kind: 'crash' },
      { kind: 'save', label: 'remove', payload: 'f2' },
    );
    const operations = (ms: number): unknown =>
      stateAt(trace, ms)?.operations.map(({ payload }) => payload);
    expect([1, 4, 5, 6].map(operations)).toEqual([[{ op: 'a' }], [], [{ op: 'b' }], []]);
    expect(stateAt(trace, 6)?.files).toEqual(['f1', 'f2']);
    expect(stateAt(trace, 7)?.files).toEqual(['f1']);
  });

  test('files appended, renamed and lost by a crash; errors change none', () => {
    const trace = traceOf(
      { kind: 'save', label: 'append', payload: 'log' },
      { kind: 'save', label: 'write', payload: 'tmp' },
      { kind: 'save', label: 'rename', payload: { file: 'tmp', to: 'log' } },
      { kind: 'save', label: 'EIO', payload: { call: 'save', file: 'x' } },
      { kind: 'save', label: 'damaged', payload: 'log' },
      { kind: 'save', label: 'settle', payload: { unsynced: 3, survived: 1, files: ['old'] } },
    );
    const files = [1, 2, 3, 4, 5, 6].map((ms) => stateAt(trace, ms)?.files.join());
    expect(files).toEqual(['log', 'log,tmp', 'log', 'log', 'log', 'old']);
  });

  test('calls without an answer, also where handlers answer out of turn', async () => {
    const trace = new Trace();
    const faults: FaultAction[] = [
      { id: 'cut', kind: 'partition', atMs: 100, groups: [['c'], ['s']] },
    ];
    const world = new World(1, { host: nodeHost(), plan: { profile: 'lan', faults }, trace });
    world.addNode('s', (env) =>
      env.serve({
        wait: async (ms: number) => {
          await env.sleep(ms);
          return ms;
        },
      }),
    );
    world.addNode('c', async (env) => {
      for (const ms of [30, 10, 20]) void env.call('s', 'wait', ms, { timeoutMs: 1000 });
      env.send('s', 'no call', 1);
      await env.sleep(110);
      void env.call('s', 'wait', 1, { timeoutMs: 50 });
    });
    await world.run();
    const pending = (ms: number): unknown => stateAt(trace, ms, 'c')?.calls.map(({ n }) => n);
    expect([5, 15, 25, 35].map(pending)).toEqual([[0, 1, 2], [0, 2], [0], []]);
    expect([120, 170].map(pending)).toEqual([[3], []]);
  });
});

test('a page tells of every node by name, and of the faults in force', () => {
  const trace = traceOf(
    { kind: 'state', node: 'n10', label: 'state', payload: { role: 'leader' } },
    { kind: 'crash', node: 'n2', incarnation: 4 },
    { kind: 'fault', node: undefined, label: 'f', text: 'crash n2' },
    { kind: 'heal', node: undefined, label: 'f' },
  );
  expect(stateLines(trace, 3000, 80).map(stripVTControlCharacters)).toEqual([
    'The nodes at 3.000 ms',
    '  fault in force: f: crash n2',
    '  n2   down, life 4',
    '  n10  up',
    '       shows role=leader',
  ]);
  expect(stateLines(trace, 4000, 80).map(stripVTControlCharacters).join()).not.toContain(
    'in force',
  );
});
