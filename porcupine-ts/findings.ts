import { certify } from './certify.ts';
import type { CheckResult, PartResult, UnknownReason, Violation } from './check-result.ts';
import type { Evidence } from './exact/decision.ts';
import { provenViolation, searchedViolation } from './explain/violation.ts';
import type { Part } from './history/partition.ts';
import { ModelError } from './model-error.ts';
import type { Model } from './model.ts';
import { MemoryBudget } from './search/memory-budget.ts';
import { PartitionSearch, type SearchOutcome } from './search/partition-search.ts';

/**
 * Steps that a verbose check spends on a part that an exact algorithm found illegal, to learn how
 * far it can be linearized: some ten milliseconds.
 */
const STEPS_TO_SHOW = 200_000;

/** What is known of one part. */
type Finding<I, O> = Pick<PartResult<I, O>, 'verdict' | 'violation' | 'partialLinearizations'>;

/** What a check has found out about the parts so far. */
export class Findings<S, I, O> {
  private readonly model: Model<S, I, O>;
  private readonly parts: readonly Part<I, O>[];
  private readonly verbose: boolean;
  private readonly found: Finding<I, O>[];
  /** Numbers of the illegal parts that an exact algorithm decided. */
  private readonly proved: number[] = [];
  private violation: Violation<I, O> | undefined;
  private isOutOfMemory = false;

  constructor(model: Model<S, I, O>, parts: readonly Part<I, O>[], verbose: boolean) {
    this.model = model;
    this.parts = parts;
    this.verbose = verbose;
    this.found = parts.map(() => ({ verdict: 'unknown', partialLinearizations: [] }));
  }

  /** Is there nothing more to find out? */
  get settled(): boolean {
    return this.violation !== undefined && !this.verbose;
  }

  /** There is a linearization; `order` numbers the operations as the part does. */
  ok(number: number, order: ArrayLike<number>): void {
    const part = this.parts[number]!;
    certify(this.model, part, order);
    const linearization = globalOrder(part, order);
    this.found[number] = { verdict: 'ok', partialLinearizations: [linearization] };
  }

  /** An exact algorithm proved the part illegal. */
  proven(number: number, evidence: Evidence): void {
    this.illegal(number, provenViolation(this.parts[number]!, evidence), []);
    this.proved.push(number);
  }

  /** A search came to an end, or to the end of its budget. */
  searched(number: number, search: PartitionSearch<S, I, O>, outcome: SearchOutcome): void {
    search.assertPure();
    if (outcome === 'ok') {
      this.ok(number, search.linearization);
      return;
    }
    const partials = this.partialsOf(number, search);
    if (outcome === 'illegal') {
      const violation = searchedViolation(this.model, this.parts[number]!, search);
      this.illegal(number, violation, partials);
      return;
    }
    if (outcome === 'exhausted') this.isOutOfMemory = true;
    this.found[number] = { verdict: 'unknown', partialLinearizations: partials };
  }

  /** Finds out how far the parts can be linearized that an exact algorithm found illegal. */
  *explore(): Generator<undefined, void, UnknownReason | undefined> {
    for (const number of this.proved) {
      if ((yield) !== undefined) return;
      const part = this.parts[number]!;
      const search = new PartitionSearch(this.model, part, new MemoryBudget(), { verbose: true });
      if (search.advance(STEPS_TO_SHOW) === 'ok') {
        const message = 'decide says that a part is illegal, but there is a linearization of it';
        throw new ModelError(this.model.name, message);
      }
      search.assertPure();
      const partialLinearizations = this.partialsOf(number, search);
      this.found[number] = { ...this.found[number]!, partialLinearizations };
    }
  }

  /** The result; `stopped` says why there are undecided parts, if it was not for memory. */
  result(
    size: Pick<CheckResult<I, O>, 'steps' | 'partitions' | 'operations'>,
    stopped: UnknownReason | undefined,
  ): CheckResult<I, O> {
    const { found, verbose, violation } = this;
    const parts = verbose ? { parts: this.partResults() } : {};
    if (violation !== undefined) return { verdict: 'illegal', ...size, violation, ...parts };
    if (found.some(({ verdict }) => verdict !== 'ok')) {
      const reason = stopped ?? (this.isOutOfMemory ? 'memory' : 'steps');
      return { verdict: 'unknown', ...size, reason, ...parts };
    }
    const linearization = found.map(({ partialLinearizations: [only] }) => only!);
    return { verdict: 'ok', ...size, linearization, ...parts };
  }

  private illegal(
    number: number,
    violation: Violation<I, O>,
    partialLinearizations: readonly (readonly number[])[],
  ): void {
    this.violation ??= violation;
    this.found[number] = { verdict: 'illegal', violation, partialLinearizations };
  }

  private partResults(): PartResult<I, O>[] {
    return this.parts.map(({ key, indices }, number) => ({
      key,
      operations: Array.from(indices),
      ...this.found[number]!,
    }));
  }

  private partialsOf(number: number, search: PartitionSearch<S, I, O>): number[][] {
    if (!this.verbose) return [];
    const { indices } = this.parts[number]!;
    return search.partialLinearizations.map((order) => order.map((local) => indices[local]!));
  }
}

/** A loop: `Array.from` with a function takes ten times as long, which shows in long histories. */
function globalOrder({ indices }: Part<unknown, unknown>, order: ArrayLike<number>): number[] {
  const global: number[] = [];
  for (let place = 0; place < order.length; place++) global.push(indices[order[place]!]!);
  return global;
}
