import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt, CompleteArgs, Job } from './contract.ts';
import { JobTable } from './job-table.ts';
import { outputsAsOf } from './locations.ts';
import { coordinatorRules } from './rules.ts';

const jobOf = (maps: number, reduces: number, backups = false): Job => ({
  splits: Array.from({ length: maps }, (_, i) => ({ file: `f${i}` })),
  reduces,
  intermediate: 'local',
  expiryMs: 100,
  backups,
});

/** What may happen to a coordinator, in any order. Numbers choose among what there is. */
type Step =
  | { readonly do: 'assign' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'complete' | 'fail' | 'lose' | 'again'; readonly which: number };

const which = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'assign' }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('complete' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(150) }) },
);

/** A table with those who work for it, and what they know. */
class Course {
  readonly table: JobTable;
  readonly maps: number;
  readonly reduces: number;
  nowMs = 0;
  /** Attempts that were handed out; each may report at any time, also long after its time-out. */
  readonly attempts: (Attempt & { sinceMs: number })[] = [];
  /** Which attempt of each task counts. */
  readonly counted = new Map<string, number>();

  constructor({ splits, reduces, ...rest }: Job) {
    this.table = new JobTable({ splits, reduces, ...rest }, coordinatorRules);
    this.maps = splits.length;
    this.reduces = reduces;
  }

  take({ do: what, ...step }: Step): void {
    if (what === 'wait') this.nowMs += (step as { ms: number }).ms;
    else if (what === 'assign') this.assign();
    else this.report(what, (step as { which: number }).which);
  }

  assign(): Attempt | undefined {
    const attempt = this.table.assign('w', this.nowMs);
    if (attempt === undefined) return undefined;
    // Numbers are never used twice, and nothing that is completed is handed out.
    same(
      this.attempts.some((other) => other.attempt === attempt.attempt),
      false,
    );
    same(this.counted.has(key(attempt)), false);
    if (attempt.kind === 'reduce') same(this.completed('map'), this.maps);
    this.attempts.push({ ...attempt, sinceMs: this.nowMs });
    return attempt;
  }

  report(what: 'complete' | 'again' | 'fail' | 'lose', number: number): void {
    if (this.attempts.length === 0) return;
    const attempt = this.attempts[number % this.attempts.length]!;
    if (what === 'fail') this.table.fail(attempt);
    else if (what === 'lose') this.lose(attempt);
    else this.complete(attempt);
    if (what === 'again') this.complete(attempt);
  }

  complete(attempt: Attempt): void {
    const before = this.counted.get(key(attempt));
    const isFirst = this.table.complete(by('w', attempt), this.nowMs);
    // The first one counts, says so however often it is asked, and no other does.
    same(isFirst, before === undefined || before === attempt.attempt);
    if (before === undefined) this.counted.set(key(attempt), attempt.attempt);
  }

  lose(attempt: Attempt): void {
    if (attempt.kind !== 'map') return;
    const { asOf } = this.table.sources;
    this.table.lose({ holder: 'w', gone: [attempt.attempt] }, asOf);
    if (this.counted.get(key(attempt)) === attempt.attempt) this.counted.delete(key(attempt));
  }

  completed(kind: 'map' | 'reduce'): number {
    return [...this.counted.keys()].filter((name) => name.startsWith(kind)).length;
  }

  countedMaps(): [number, number][] {
    const all = Array.from({ length: this.maps }, (_, map) => [map, this.counted.get(`map${map}`)]);
    return all.filter((each): each is [number, number] => each[1] !== undefined);
  }

  agrees(): void {
    const { table } = this;
    same(table.isDone, this.completed('reduce') === this.reduces);
    for (const kind of ['map', 'reduce'] as const) {
      same(table.progressOf(kind).completed, this.completed(kind));
      const total = kind === 'map' ? this.maps : this.reduces;
      for (let task = 0; task < total; task++) {
        same(table.task(kind, task)?.completed?.attempt, this.counted.get(kind + task));
        same((table.task(kind, task)?.running ?? -1) >= 0, true);
      }
    }
    same(outputsOf(table, 'w'), this.countedMaps());
    same(table.sources.holders, this.completed('map') > 0 ? ['w'] : []);
  }
}

/** A completion by somebody who keeps what he makes. */
function by(worker: string, attempt: Attempt): CompleteArgs {
  return { ...attempt, worker, holder: worker };
}

/** What counts of that which somebody holds, as he learns it: map tasks and attempts. */
function outputsOf(table: JobTable, holder: string): [number, number][] {
  const { changes, asOf } = table.changes({ holder, known: 0 });
  return outputsAsOf(changes, asOf)
    .map(({ map, attempt }): [number, number] => [map, attempt])
    .toSorted(([a], [b]) => a - b);
}

function same(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
}

function key({ kind, task }: Attempt): string {
  return kind + task;
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }));

describe('whatever is reported, in whichever order', () => {
  test('the output of a task counts once, and nobody reduces before all maps are there', () => {
    const course = fc.tuple(sizes, fc.boolean(), fc.array(step, { maxLength: 80 }));
    fc.assert(
      fc.property(course, ([[maps, reduces], backups, steps]) => {
        const run = new Course(jobOf(maps, reduces, backups));
        for (const next of steps) {
          run.take(next);
          run.agrees();
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a job can be finished: after a time-out every task that is missing is handed out', () => {
    fc.assert(
      fc.property(
        fc.tuple(sizes, fc.array(step, { maxLength: 80 })),
        ([[maps, reduces], steps]) => {
          const run = new Course(jobOf(maps, reduces));
          for (const next of steps) run.take(next);
          run.nowMs += 100;
          for (let n = 0; n < maps + reduces; n++) {
            const attempt = run.assign();
            if (attempt !== undefined) run.complete(attempt);
          }

          expect(run.table.isDone).toBe(true);
        },
      ),
    );
  });
});

describe('a task that somebody has for too long', () => {
  const table = (): JobTable => new JobTable(jobOf(1, 1), coordinatorRules);

  test('is handed out again at its time-out, and not before', () => {
    const tasks = table();
    tasks.assign('a', 0);

    expect(tasks.assign('b', 99)).toBeUndefined();
    expect(tasks.assign('b', 100)).toEqual({ kind: 'map', task: 0, attempt: 2 });
    expect(tasks.counts).toMatchObject({ attempts: 2, reexecutions: 1, backups: 0 });
  });

  test('is not handed out a third time because of the time-out of its first attempt', () => {
    const tasks = table();
    tasks.assign('a', 0);
    tasks.assign('b', 100);

    expect(tasks.assign('c', 199)).toBeUndefined();
    expect(tasks.assign('c', 200)?.attempt).toBe(3);
  });

  test('is completed by whoever is first, late or not; the other one is refused', () => {
    const tasks = table();
    const late = tasks.assign('a', 0)!;
    const second = tasks.assign('b', 100)!;

    expect(tasks.complete(by('a', late), 150)).toBe(true);
    expect(tasks.complete(by('b', second), 160)).toBe(false);
    expect(outputsOf(tasks, 'a')).toEqual([[0, 1]]);
    expect(outputsOf(tasks, 'b')).toEqual([]);
    expect(tasks.counts.refused).toBe(1);
  });

  test('that was completed meanwhile is passed over in the queue of idle tasks', () => {
    const tasks = new JobTable(jobOf(2, 1), coordinatorRules);
    const late = tasks.assign('a', 0)!;
    tasks.assign('b', 50);
    expect(tasks.assign('c', 100)?.task).toBe(0);
    tasks.fail({ kind: 'map', task: 0, attempt: 3 });
    tasks.complete(by('a', late), 120);

    expect(tasks.assign('d', 130)).toBeUndefined();
  });

  test('that was completed meanwhile, and whose output is lost, is handed out once', () => {
    const tasks = new JobTable(jobOf(2, 1), coordinatorRules);
    const late = tasks.assign('a', 0)!;
    tasks.assign('b', 90);
    tasks.assign('c', 100);
    tasks.fail({ kind: 'map', task: 0, attempt: 3 });
    tasks.complete(by('a', late), 120);
    tasks.lose({ holder: 'a' }, 1);

    expect(tasks.assign('d', 130)?.task).toBe(0);
    expect(tasks.assign('e', 130)).toBeUndefined();
  });

  test('is not idle once another attempt is through', () => {
    const tasks = table();
    tasks.assign('a', 0);
    const second = tasks.assign('b', 100)!;
    const third = tasks.assign('c', 200)!;
    tasks.complete(by('b', second), 210);
    tasks.fail(third);

    expect(tasks.progressOf('map')).toEqual({ total: 1, completed: 1, idle: 0 });
  });
});

describe('the output of a map task that is lost', () => {
  test('is made again before any other reduce task is handed out', () => {
    const tasks = new JobTable(jobOf(1, 2), coordinatorRules);
    const map = tasks.assign('a', 0)!;
    tasks.complete(by('a', map), 10);
    tasks.assign('b', 10);
    tasks.lose({ holder: 'a' }, 1);

    expect(tasks.assign('c', 20)).toEqual({ kind: 'map', task: 0, attempt: 3 });
    expect(tasks.assign('d', 20)).toBeUndefined();
    expect(tasks.counts).toMatchObject({ lost: 1, reexecutions: 1 });
  });

  test('is not lost a second time by those who hear of it late', () => {
    const tasks = new JobTable(jobOf(1, 1), coordinatorRules);
    const first = tasks.assign('a', 0)!;
    tasks.complete(by('a', first), 10);
    tasks.lose({ holder: 'a' }, 1);
    const second = tasks.assign('a', 20)!;
    tasks.complete(by('a', second), 30);
    tasks.lose({ holder: 'a' }, 1);

    expect(outputsOf(tasks, 'a')).toEqual([[0, 2]]);
    expect(tasks.counts.lost).toBe(1);
  });

  test('takes no other one with it, unless its holder is silent', () => {
    const tasks = new JobTable(jobOf(3, 1), coordinatorRules);
    for (const worker of ['a', 'a', 'b']) tasks.complete(by(worker, tasks.assign(worker, 0)!), 10);
    tasks.lose({ holder: 'a', gone: [2] }, 3);
    expect([...outputsOf(tasks, 'a'), ...outputsOf(tasks, 'b')]).toEqual([
      [0, 1],
      [2, 3],
    ]);

    tasks.lose({ holder: 'a' }, 3);
    expect(tasks.sources.holders).toEqual(['b']);
  });
});

describe('a backup', () => {
  /** Two maps of the usual 10 ms, and one that goes on. */
  const withStraggler = (backups: boolean): JobTable => {
    const tasks = new JobTable(jobOf(3, 1, backups), coordinatorRules);
    const [first, second] = [tasks.assign('a', 0)!, tasks.assign('b', 0)!];
    tasks.assign('c', 0);
    tasks.complete(by('a', first), 10);
    tasks.complete(by('b', second), 10);
    return tasks;
  };

  test('is made of a task that takes much longer than others did, once', () => {
    const tasks = withStraggler(true);

    expect(tasks.assign('a', 15)).toBeUndefined();
    expect(tasks.assign('a', 16)).toEqual({ kind: 'map', task: 2, attempt: 4 });
    expect(tasks.assign('b', 17)).toBeUndefined();
    expect(tasks.counts).toMatchObject({ backups: 1, reexecutions: 0 });
  });

  test('is not made of a task that another backup has completed', () => {
    const tasks = withStraggler(true);
    tasks.complete(by('a', tasks.assign('a', 16)!), 20);
    tasks.lose({ holder: 'b' }, 3);
    tasks.assign('b', 20);

    expect(tasks.assign('a', 30)).toBeUndefined();
  });

  test('goes on alone if the first attempt fails', () => {
    const tasks = withStraggler(true);
    tasks.assign('a', 16);
    tasks.fail({ kind: 'map', task: 2, attempt: 3 });

    expect(tasks.assign('b', 17)).toBeUndefined();
    expect(tasks.counts).toMatchObject({ attempts: 4, reexecutions: 0 });
  });

  test('is not made unless the job wants it', () => {
    expect(withStraggler(false).assign('a', 90)).toBeUndefined();
  });

  test('is not made while other tasks wait', () => {
    const tasks = new JobTable(jobOf(3, 1, true), coordinatorRules);
    const first = tasks.assign('a', 0)!;
    tasks.assign('b', 0);
    tasks.complete(by('a', first), 10);

    expect(tasks.assign('a', 90)?.task).toBe(2);
  });
});
