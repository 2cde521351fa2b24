import type { Application, Split } from '../../mapreduce/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

type Told = Pick<Tester<unknown, unknown>, 'span' | 'reveal' | 'world'>;

/** What somebody works on at present. */
interface Open {
  readonly what: string;
  readonly mark: string;
  readonly fromMs: number;
  readonly split: string | undefined;
}

const MAP = { what: 'map', mark: 'm' };
const MAP_AGAIN = { what: 'map again', mark: 'M' };
const BACKUP = { what: 'map beside another attempt', mark: 'b' };
const REDUCE = { what: 'reduce', mark: 'r' };
const REDUCE_AGAIN = { what: 'reduce again', mark: 'R' };
const DEAD = { what: 'lost in a crash', mark: 'x' };

/**
 * Who works on what, seen from outside: a map task begins when its input is read and ends with its
 * last pair; a reduce task begins with its first key and ends when its output is committed.
 */
export class Timeline {
  private readonly t: Told;
  private readonly open = new Map<string, Open>();
  /** How many are at each piece of input. */
  private readonly readers = new Map<string, number>();
  /** How often each piece of input was read before. */
  private readonly read = new Map<string, number>();

  constructor(t: Told) {
    this.t = t;
  }

  /** A worker begins a life: what it was at when it died is over. */
  begins({ id }: Env): void {
    const before = this.close(id);
    if (before === undefined) return;
    if (before.split !== undefined) {
      const attempts = this.read.get(before.split) ?? 1;
      this.tell(`map ${before.split}`, { state: 'lost', worker: id, attempts });
    }
    this.t.span({ row: id, ...DEAD, fromMs: before.fromMs, toMs: this.t.world.now() });
  }

  maps(worker: string, { file, from = 0 }: Split): void {
    const split = `${file} ${from}`;
    this.close(worker);
    const readers = this.readers.get(split) ?? 0;
    const kind = readers > 0 ? BACKUP : this.read.has(split) ? MAP_AGAIN : MAP;
    const attempts = (this.read.get(split) ?? 0) + 1;
    this.read.set(split, attempts);
    this.tell(`map ${split}`, { state: 'running', worker, attempts });
    this.readers.set(split, readers + 1);
    this.open.set(worker, { ...kind, fromMs: this.t.world.now(), split });
  }

  /** An application whose calls are seen. */
  watched({ id }: Env, app: Application): Application {
    return {
      ...app,
      map: async (file, content) => {
        const pairs = await app.map(file, content);
        this.ends(id);
        return pairs;
      },
      reduce: (key, values) => {
        if (!this.open.has(id)) {
          this.open.set(id, { ...REDUCE, fromMs: this.t.world.now(), split: undefined });
        }
        return app.reduce(key, values);
      },
    };
  }

  /** An output was committed, first or not. */
  commits(worker: string, file: string, isFirst: boolean): void {
    const { split } = this.open.get(worker) ?? {};
    this.ends(worker, isFirst ? REDUCE : REDUCE_AGAIN);
    if (split === undefined && isFirst) this.tell(file, { state: 'written', worker });
  }

  private tell(row: string, cells: Readonly<Record<string, string | number>>): void {
    this.t.reveal('tasks', '', () => [{ row, cells }]);
  }

  private ends(worker: string, as?: typeof REDUCE): void {
    const task = this.close(worker);
    if (task === undefined) return;
    const { split } = task;
    if (split !== undefined) {
      const attempts = this.read.get(split) ?? 1;
      this.tell(`map ${split}`, { state: 'done', worker, attempts });
    }
    const { what, mark } = as ?? task;
    this.t.span({ row: worker, what, mark, fromMs: task.fromMs, toMs: this.t.world.now() });
  }

  /** Somebody is no longer at what he was at. */
  private close(worker: string): Open | undefined {
    const task = this.open.get(worker);
    if (task === undefined) return undefined;
    this.open.delete(worker);
    const { split } = task;
    if (split !== undefined) this.readers.set(split, this.readers.get(split)! - 1);
    return task;
  }
}
