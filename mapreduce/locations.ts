import type { MapOutput, OutputChange } from './contract.ts';

/**
 * What counted after so many changes.
 * @param changes those of one holder, in order
 */
export function outputsAsOf(changes: readonly OutputChange[], asOf: number): MapOutput[] {
  const byAttempt = new Map<number, MapOutput>();
  for (const { at, output, counts } of changes) {
    if (at > asOf) break;
    if (counts) byAttempt.set(output.attempt, output);
    else byAttempt.delete(output.attempt);
  }
  return [...byAttempt.values()];
}

interface Placed {
  readonly output: MapOutput;
  readonly holder: string;
}

/**
 * Where the outputs of map tasks are (§3.2), as a log of changes. A list of all of them with every
 * reduce task would be as long as there are map tasks times reduce tasks. Instead a reduce task is
 * about what counted after so many changes, and each holder asks for those that concern it, once:
 * as in the paper they travel incrementally, but to those who hold the outputs.
 */
export class Locations {
  /** Changes so far. */
  version = 0;
  private readonly changes = new Map<string, OutputChange[]>();
  private readonly byMap = new Map<number, Placed>();
  /** How many outputs that count each of them holds. */
  private readonly held = new Map<string, number>();

  /** Those who hold outputs that count, in the order in which they came. */
  get holders(): string[] {
    return [...this.held.keys()];
  }

  /** An output counts from now on, and no other one of its map task. */
  put(output: MapOutput, holder: string): void {
    this.remove(output.map);
    this.byMap.set(output.map, { output, holder });
    this.held.set(holder, (this.held.get(holder) ?? 0) + 1);
    this.change(holder, output, true);
  }

  /** No output of a map task counts from now on. */
  remove(map: number): void {
    const placed = this.byMap.get(map);
    if (placed === undefined) return;
    const { holder, output } = placed;
    this.byMap.delete(map);
    const left = this.held.get(holder)! - 1;
    if (left > 0) this.held.set(holder, left);
    else this.held.delete(holder);
    this.change(holder, output, false);
  }

  /** Changes of what a holder holds, beyond the first so many. */
  changesOf(holder: string, known: number): readonly OutputChange[] {
    return this.changes.get(holder)?.slice(known) ?? [];
  }

  private change(holder: string, output: MapOutput, counts: boolean): void {
    const change: OutputChange = { at: ++this.version, output, counts };
    const before = this.changes.get(holder);
    if (before === undefined) this.changes.set(holder, [change]);
    else before.push(change);
  }
}
