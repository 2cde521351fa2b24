import { InvariantViolation } from '../kernel/failure.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { pack } from '../network/payload.ts';

/** What nodes show of their state, by node and field: see {@link Env.show}. */
export type ShownState = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** What a node showed just now. */
export interface StateChange {
  readonly node: string;
  readonly incarnation: number;
  /** The fields that changed, with their new values. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * A property of the global state. It is checked when one of the fields that it watches changes in
 * some node, and at no other time.
 */
export interface Invariant {
  readonly name: string;
  /** The fields that it depends on. */
  readonly watches: readonly string[];
  /** What is wrong, in a sentence with the values that matter; undefined = nothing. */
  check(state: ShownState, change: StateChange): string | undefined;
}

/** Keeps what nodes show of their state, and calls the invariants that watch it. */
export class StateBoard {
  readonly shown: Map<string, Map<string, unknown>> = new Map();
  private readonly kernel: Kernel;
  private readonly watching = new Map<string, Invariant[]>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  add(invariant: Invariant): void {
    for (const field of invariant.watches) {
      this.watching.set(field, [...(this.watching.get(field) ?? []), invariant]);
    }
  }

  /** A node shows some fields. Those that did not change cost a comparison each. */
  show(node: string, incarnation: number, fields: Readonly<Record<string, unknown>>): void {
    let shown = this.shown.get(node);
    if (shown === undefined) this.shown.set(node, (shown = new Map()));
    let changed: Record<string, unknown> | undefined;
    for (const field in fields) {
      const value = fields[field];
      if (isSame(shown.get(field), value)) continue;
      const kept = typeof value === 'object' ? pack(value).value : value;
      shown.set(field, kept);
      (changed ??= {})[field] = kept;
    }
    if (changed === undefined) return;
    this.kernel.tell({ kind: 'state', node, incarnation, label: 'state', payload: changed });
    if (this.watching.size > 0) this.judge({ node, incarnation, fields: changed });
  }

  /** A node has crashed: its memory is gone. */
  forget(node: string): void {
    this.shown.delete(node);
  }

  private judge(change: StateChange): void {
    const called = new Set<Invariant>();
    for (const field of Object.keys(change.fields)) {
      for (const invariant of this.watching.get(field) ?? []) called.add(invariant);
    }
    for (const invariant of called) {
      const problem = invariant.check(this.shown, change);
      if (problem === undefined) continue;
      // Not thrown: code of the node could catch it.
      const { name } = invariant;
      this.kernel.fail('violation', name, new InvariantViolation(name, problem));
    }
  }
}

/** Objects are compared by content, since a node may show the same one again after changing it. */
function isSame(before: unknown, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Object.is(before, value);
  if (typeof before !== 'object' || before === null) return false;
  return pack(before).hash === pack(value).hash;
}
