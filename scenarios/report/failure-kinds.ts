import type { GradedTest } from '../define/grading.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import { placeIn, type FailureKind } from './grade-rows.ts';

/** What tells most of a bug comes first: where code throws, then what must never happen. */
const TELLING: readonly string[] = ['crash', 'safety', 'performance', 'liveness'];

/** Groups the failures of all tests of one file by what they are. */
export class FailureKinds {
  private readonly kinds = new Map<string, FailureKind>();

  add(test: GradedTest, result: RunResult): void {
    if (isAsExpected(result)) return;
    const { check = result.verdict, stack } = result;
    const signature = result.signature ?? result.verdict;
    const before = this.kinds.get(signature);
    const isSmaller = before === undefined || result.events < before.smallest.events;
    const tests = new Set([...(before?.tests ?? []), test.name]);
    this.kinds.set(signature, {
      signature,
      check,
      count: (before?.count ?? 0) + 1,
      tests: [...tests],
      ...(isSmaller
        ? { smallest: result, test, where: placeIn(stack) }
        : { smallest: before.smallest, test: before.test, where: before.where }),
    });
  }

  /** The most telling ones first, and of equally telling ones the most frequent. */
  sorted(): FailureKind[] {
    return [...this.kinds.values()].toSorted((a, b) => rank(a) - rank(b) || b.count - a.count);
  }
}

function rank({ smallest }: FailureKind): number {
  const at = TELLING.indexOf(smallest.verdict === 'crash' ? 'crash' : (smallest.class ?? ''));
  return at === -1 ? TELLING.length : at;
}
