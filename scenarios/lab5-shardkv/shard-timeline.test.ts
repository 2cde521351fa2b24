import { describe, expect, test } from 'vitest';
import type { ShardView } from '../../shardkv/index.ts';
import { packs } from '../catalogue.ts';
import type { JsonObject } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import type { Span } from '../define/span.ts';
import { timelineText } from '../report/text-timeline.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run } from '../runner/run-plan.ts';
import { ShardTimeline } from './shard-timeline.ts';

const registry = new Registry(packs);

function runOf(name: string, params: JsonObject = {}): Promise<Run> {
  const scenario = registry.scenario(name);
  return runPlan(scenario, makePlan(scenario, '1', { params }), { host: nodeHost() });
}

/** A timeline of so many shards, told by hand; each telling takes a second. */
class ByHand {
  readonly spans: Span[] = [];
  private readonly timeline: ShardTimeline;
  private nowMs = 0;

  constructor(shards: number) {
    const beginSpan = (span: Omit<Span, 'fromMs' | 'toMs'>): (() => void) => {
      const open = { ...span, fromMs: this.nowMs, toMs: Infinity };
      this.spans.push(open);
      return () => void (open.toMs = this.nowMs);
    };
    this.timeline = new ShardTimeline({ beginSpan }, shards);
  }

  tell(gid: number, shard: number, now: ShardView, before?: ShardView): this {
    this.timeline.changed(gid, shard, now, before);
    this.nowMs += 1000;
    return this;
  }

  row(row: string): readonly (readonly unknown[])[] {
    const own = this.spans.filter((span) => span.row === row);
    return own.map(({ mark, label, fromMs, toMs }) => [mark + (label ?? ''), fromMs, toMs]);
  }
}

const served = (num: number): ShardView => ({ status: 'serving', num });
const frozen = (num: number): ShardView => ({ status: 'frozen', num });
const absent = (num: number): ShardView => ({ status: 'absent', num });

describe('a move', () => {
  test('is a line with the group before, the time on the way, and the group after', () => {
    const told = new ByHand(1)
      .tell(1, 0, served(1))
      .tell(1, 0, frozen(2), served(1))
      .tell(12, 0, served(2), absent(0))
      .tell(1, 0, absent(2), frozen(2));

    expect(told.row('shard 0')).toEqual([
      ['1', 0, 1000],
      ['~', 1000, 2000],
      ['c', 2000, Infinity],
    ]);
    expect(told.row('config')).toEqual([
      ['|1', 0, 1000],
      ['|2', 1000, Infinity],
    ]);
  });

  test('that loses the shard leaves the line empty', () => {
    const told = new ByHand(1)
      .tell(1, 0, served(1))
      .tell(1, 0, frozen(2), served(1))
      .tell(1, 0, absent(2), frozen(2));

    expect(told.row('shard 0')).toEqual([
      ['1', 0, 1000],
      ['~', 1000, 2000],
    ]);
  });

  test('of one of many shards is seen in the lines of its groups', () => {
    const told = new ByHand(1000)
      .tell(1, 0, served(1))
      .tell(1, 1, served(1))
      .tell(1, 0, frozen(2), served(1))
      .tell(2, 0, served(2), absent(0))
      .tell(1, 0, absent(2), frozen(2))
      .tell(1, 1, frozen(3), served(1))
      .tell(1, 1, absent(3), frozen(3));

    expect(told.row('group 1')).toEqual([
      ['s', 0, 2000],
      ['~', 2000, 4000],
      ['s', 4000, 5000],
      ['~', 5000, 6000],
    ]);
    expect(told.row('group 2')).toEqual([['s', 3000, Infinity]]);
  });
});

test('in a run each shard has one owner after the other, on its way in between', async () => {
  const { spans, result } = await runOf('shardkv/chaos-3');
  const shards = [...new Set(spans.map(({ row }) => row))].filter((row) => row !== 'config');
  expect(shards.toSorted()).toEqual(Array.from({ length: 12 }, (_, i) => `shard ${i}`).toSorted());
  let moves = 0;
  for (const row of shards) {
    const own = spans.filter((span) => span.row === row);
    expect(own.at(-1)!.toMs).toBe(result.simMs);
    for (const [i, span] of own.entries()) {
      if (i > 0) expect(span.fromMs).toBe(own[i - 1]!.toMs);
      if (span.mark === '~') expect(own[i + 1]?.mark).toMatch(/^[123]$/);
      else if (i > 0) moves++;
    }
  }
  const nums = spans.filter(({ row }) => row === 'config').map(({ label }) => Number(label));

  expect(moves).toBe(result.activity['shards moved']);
  expect(nums).toEqual(nums.toSorted((a, b) => a - b));
  expect(nums.length).toBeGreaterThan(10);
});

test('the terminal shows who owns which shard, and the configurations above', () => {
  const { spans } = new ByHand(2)
    .tell(1, 0, served(1))
    .tell(1, 1, served(1))
    .tell(1, 1, frozen(2), served(1))
    .tell(2, 1, served(2), absent(0))
    .tell(1, 0, frozen(3), served(1))
    .tell(2, 0, served(3), absent(0));
  const ended = spans.map((span) => ({ ...span, toMs: Math.min(span.toMs, 6000) }));

  expect(timelineText(ended, 35)).toMatchInlineSnapshot(`
    "  config   |1      |2      |3      
      shard 0  1111111111111111~~~~2222
      shard 1  ....1111~~~~222222222222
      1 group 1   2 group 2
      | configuration   ~ on its way
      . idle   (6.000 s in 24 columns)"
  `);
});
