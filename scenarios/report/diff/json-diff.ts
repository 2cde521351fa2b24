import type { TraceRecord } from '../../../sim/index.ts';
import type { Alignment, Difference } from './alignment.ts';
import type { ComparedRun, Comparison } from './compare-runs.ts';
import { differenceWords } from './difference-words.ts';

/** A comparison as plain data: one line of `--json`. */
export function comparisonData(comparison: Comparison): object {
  const { a, b, isSame, plans, alignment, first, substance, counts, operations } = comparison;
  const told = (difference: Difference | undefined): object | undefined =>
    difference === undefined ? undefined : toldDifference(alignment, difference);
  return {
    format: 1,
    kind: 'diff',
    isSame,
    a: toldRun(a),
    b: toldRun(b),
    plans,
    first: told(first),
    firstInSubstance: told(substance),
    events: counts,
    operations,
  };
}

function toldRun({ name, result }: ComparedRun): object {
  const { scenario, seed, verdict, check, reason, event, digest, repro } = result;
  return { name, scenario, seed, verdict, check, reason, event, digest, repro };
}

function toldDifference(alignment: Alignment, difference: Difference): object {
  const { kind } = difference;
  const words = differenceWords(alignment, difference);
  const [a, b] = eventsOf(alignment, difference);
  return { kind, words, a, b };
}

function eventsOf(
  { a, b }: Alignment,
  difference: Difference,
): [TraceRecord | undefined, TraceRecord | undefined] {
  if (difference.kind !== 'only') return [a.at(difference.a).event, b.at(difference.b).event];
  const { side, at } = difference;
  return side === 'a' ? [a.at(at).event, undefined] : [undefined, b.at(at).event];
}
