import { describe, expect, test } from 'vitest';
import { Trace, type TraceRecord } from '../sim/index.ts';
import { refuseStrangers, viewData, viewLines, viewOf, type ViewOptions } from './replay-view.ts';

const trace = new Trace();
for (const [i, node] of ['a', 'b', 'a'].entries()) {
  const event = i + 1;
  trace.record({
    event,
    cause: i,
    timeUs: event * 1000,
    kind: 'log',
    node,
    label: '',
    text: `t${event}`,
  });
}

const data = (options: ViewOptions): object[] => [...viewData(trace, viewOf(options))];
const events = (options: ViewOptions): unknown[] =>
  data(options).map((item) => (item as TraceRecord).event);

describe('what of a trace is asked for', () => {
  test.each<[ViewOptions, unknown[]]>([
    [{}, [1, 2, 3]],
    [{ node: ['b'] }, [2]],
    [{ node: ['a', 'b'] }, [1, 2, 3]],
    [{ topic: ['disk,log'] }, [1, 2, 3]],
    [{ topic: ['disk', 'state'] }, []],
    [{ from: '2' }, [2, 3]],
    [{ event: '2' }, [2]],
    [{ event: '2..3' }, [2, 3]],
    [{ why: '2' }, [1, 2]],
  ])('%j', (options, expected) => {
    expect(events(options)).toEqual(expected);
  });

  test('until a moment, and then the state of the nodes then', () => {
    const all = data({ until: '1.5', state: true });
    expect(all).toHaveLength(2);
    expect(all[1]).toMatchObject({
      kind: 'state',
      atMs: 1.5,
      nodes: [{ node: 'a', status: 'up' }],
    });
    const text = [...viewLines(trace, viewOf({ until: '1.5' }), 80)].join('\n');
    expect(text).toContain('The nodes at 1.500 ms');
  });

  test('the state is that of the event asked for', () => {
    expect(data({ why: '2', state: true }).at(-1)).toMatchObject({ kind: 'state', atMs: 2 });
    expect(data({ event: '1..3', state: true }).at(-1)).toMatchObject({ atMs: 3 });
    expect(data({ state: true }).at(-1)).toMatchObject({ atMs: 3 });
  });

  test('no state where nobody asks', () => {
    for (const options of [{}, { from: '1' }, { why: '2', until: '3' }]) {
      expect([...viewLines(trace, viewOf(options), 80)].join('\n')).not.toContain('The nodes at');
    }
  });
});

describe('what cannot be', () => {
  test.each<[ViewOptions, string]>([
    [{ from: '5', until: '4' }, '--until 4 is before --from 5'],
    [{ from: '-1' }, '--from: expected milliseconds'],
    [{ until: 'x' }, '--until: expected milliseconds'],
    [{ until: '' }, '--until: expected milliseconds'],
    [{ topic: ['network,nose'] }, '--topic: no topic "nose"; there are network, node, timer'],
    [{ event: '0' }, '--event: expected the number of an event'],
    [{ event: '3..2' }, '--event: expected N or N..M'],
    [{ event: '1..2..3' }, '--event: expected N or N..M'],
    [{ why: '1.5' }, '--why: expected the number of an event'],
    [{ why: '1', event: '1' }, '--why and --event exclude each other'],
  ])('%j is refused', (options, message) => {
    expect(() => viewOf(options)).toThrow(message);
  });

  test.each<[ViewOptions, string]>([
    [{ node: ['a', 'z'] }, '--node: no node "z"; there are a, b'],
    [{ why: '4' }, '--why: expected the number of an event from 1 to 3, not 4'],
    [{ event: '4..9' }, '--event: expected the number of an event from 1 to 3, not 4'],
  ])('%j is refused once the run is known', (options, message) => {
    expect(() => refuseStrangers(viewOf(options), trace, 3)).toThrow(message);
  });
});
