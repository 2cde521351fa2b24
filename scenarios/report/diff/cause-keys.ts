import type { TraceRecord } from '../../../sim/index.ts';

/**
 * Gives events of several traces the same key if they are the same event: of the same kind, on the
 * same node, about the same thing, and with the same chain of causes. Neither its number nor its
 * time nor what it carries counts, since all of that shifts with the first thing that differs.
 */
export class CauseKeys {
  private readonly keys = new Map<string, number>();

  /**
   * @param cause key of the event that scheduled it; 0 for the set-up of the world
   * @param twins of one trace: how often each sort of event has followed from one cause so far. Two
   *   that are otherwise equal are told apart by their order
   */
  keyOf(record: TraceRecord, cause: number, twins: Map<string, number>): number {
    const { kind, node = '', label, from = '', to = '' } = record;
    const sort = `${cause} ${kind} ${node} ${label} ${from} ${to}`;
    const twin = twins.get(sort) ?? 0;
    twins.set(sort, twin + 1);
    const name = `${sort} ${twin}`;
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    const key = this.keys.size + 1;
    this.keys.set(name, key);
    return key;
  }
}
