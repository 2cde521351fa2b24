import {
  checkOperations,
  linearizationInfo,
  minimise,
  type Annotation,
  type CheckOptions,
  type LinearizationInfo,
  type Model,
  type Operation,
} from '../../porcupine-ts/index.ts';
import { historyPage } from '../../scenarios/report/page/history-page.ts';
import { PageFile } from '../../scenarios/report/page/page-file.ts';
import { HistoryData } from '../history/history-data.ts';

/** What a history of a test is judged with. */
export interface Judging extends CheckOptions {
  readonly annotations?: readonly Annotation[];
  /** Longer texts are cut. Default: none is. */
  readonly textMax?: number;
}

/** A history that was checked, as the bytes of its page, and what they were made of. */
export function pictured<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  { annotations = [], textMax = Infinity, ...options }: Judging = {},
): { info: LinearizationInfo; bytes: Uint8Array } {
  const result = checkOperations(model, history, { ...options, verbose: true });
  const info = linearizationInfo(model, history, result, annotations);
  const minimal = result.violation && minimise(model, history, result.violation);
  const verdicts = { ok: 'pass', illegal: 'violation', unknown: 'unknown' } as const;
  const bytes = historyPage(
    {
      file: 'history.jsonl',
      model: model.name,
      verdict: history.length === 0 ? 'vacuous' : verdicts[result.verdict],
      ...(result.verdict === 'unknown' ? { undecided: 'undecided within the budget' } : {}),
      steps: result.steps,
      remarks: [],
      info,
      notes: history.map((_, index) => ({ line: index + 1, more: '' })),
      core: minimal && {
        operations: minimal.core,
        relaxed: minimal.relaxed.length,
        isMinimal: minimal.isMinimal,
      },
    },
    textMax,
  );
  return { info, bytes };
}

/** The same, read as the page reads it. */
export function readBack<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  judging: Judging = {},
): HistoryData {
  return new HistoryData(new PageFile(pictured(model, history, judging).bytes));
}
