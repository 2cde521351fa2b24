import type { Gid, ShardView } from '../../shardkv/index.ts';
import type { Span } from '../define/span.ts';
import type { Tester } from '../define/tester.ts';

type Telling = Pick<Tester<unknown, unknown>, 'beginSpan'>;

/** More shards than this have no lines of their own. */
export const MOST_LINES = 32;

const MOVING = { what: 'on its way', mark: '~' };
const SERVING = { what: 'serves shards', mark: 's' };
const LEAVING = { what: 'has frozen some', mark: '~' };

/** One character a group, as far as they go. */
const MARKS = '123456789abcdefghijklmnopqrstuvwxyz';

type What = Omit<Span, 'row' | 'fromMs' | 'toMs'>;

/** What a line says now. */
interface Line {
  readonly is: string;
  readonly end: () => void;
}

/**
 * Who serves which shard, and when: a line a shard, or where there are many of them a line a group;
 * above them which configuration shards are being moved to, or have been.
 */
export class ShardTimeline {
  private readonly t: Telling;
  private readonly isByShard: boolean;
  private readonly lines = new Map<string, Line>();
  /** The group that a shard is shown with. */
  private readonly holders = new Map<number, Gid>();
  private readonly groups = new Map<Gid, { serving: number; frozen: number }>();
  private num = 0;

  /** @param shards how many there are */
  constructor(t: Telling, shards: number) {
    this.t = t;
    this.isByShard = shards <= MOST_LINES;
  }

  /** A shard has changed at a group: to the view `now`, from what it was `before`, if it was. */
  changed(gid: Gid, shard: number, now: ShardView, before: ShardView | undefined): void {
    if (now.num > this.num) {
      this.num = now.num;
      this.show('config', { what: 'configuration', mark: '|', label: String(now.num) });
    }
    if (this.isByShard) this.showShard(gid, shard, now);
    else this.showGroup(gid, now, before);
  }

  private showShard(gid: Gid, shard: number, { status }: ShardView): void {
    const row = `shard ${shard}`;
    // Somebody may freeze it before anybody has asked for anything in it.
    if (status !== 'absent' && !this.holders.has(shard)) this.holders.set(shard, gid);
    if (status === 'serving') {
      this.holders.set(shard, gid);
      this.show(row, { what: `group ${gid}`, mark: MARKS[gid - 1] ?? '#' });
    } else if (this.holders.get(shard) === gid) {
      // Gone without another owner, if ever: nobody has it.
      this.show(row, status === 'frozen' ? MOVING : undefined);
    }
  }

  private showGroup(gid: Gid, now: ShardView, before: ShardView | undefined): void {
    const has = this.groups.get(gid) ?? { serving: 0, frozen: 0 };
    this.groups.set(gid, has);
    if (before !== undefined && before.status !== 'absent') has[before.status]--;
    if (now.status !== 'absent') has[now.status]++;
    const what = has.frozen > 0 ? LEAVING : has.serving > 0 ? SERVING : undefined;
    this.show(`group ${gid}`, what);
  }

  private show(row: string, what: What | undefined): void {
    const before = this.lines.get(row);
    const is = what === undefined ? undefined : what.mark + (what.label ?? '');
    if (before?.is === is) return;
    before?.end();
    if (what === undefined || is === undefined) this.lines.delete(row);
    else this.lines.set(row, { is, end: this.t.beginSpan({ row, ...what }) });
  }
}
