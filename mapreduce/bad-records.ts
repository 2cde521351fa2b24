import type { BadRecord, GaspArgs, TaskKind } from './contract.ts';

/** So many attempts must have failed on a record before it is skipped: "more than one" (§4.6). */
const FAILURES = 2;

/** What attempts have failed on, as their last gasps tell (§4.6). */
export class BadRecords {
  /** By task and record: the attempts that failed on it. A gasp may arrive twice. */
  private readonly failed = new Map<string, Map<BadRecord, Set<number>>>();

  tell({ kind, task, attempt, records: told }: GaspArgs): void {
    const name = `${kind} ${task}`;
    const records = this.failed.get(name) ?? new Map<BadRecord, Set<number>>();
    this.failed.set(name, records);
    for (const record of told) {
      records.set(record, (records.get(record) ?? new Set<number>()).add(attempt));
    }
  }

  /** What the next attempt at a task has to skip. */
  of(kind: TaskKind, task: number): BadRecord[] {
    const records = this.failed.get(`${kind} ${task}`) ?? [];
    return [...records].flatMap(([record, { size }]) => (size >= FAILURES ? [record] : []));
  }

  /** How many are skipped in all. */
  get skipped(): number {
    const all = [...this.failed.values()].flatMap((records) => [...records.values()]);
    return all.filter(({ size }) => size >= FAILURES).length;
  }
}
