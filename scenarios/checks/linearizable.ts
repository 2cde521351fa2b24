import {
  checkOperations,
  linearizationInfo,
  type Model,
  type Operation,
  type Violation,
} from '../../porcupine-ts/index.ts';
import type { Check, FinishedRun } from '../define/check.ts';
import type { HistoryLine } from '../define/history.ts';
import type { StoryLine } from '../define/verdict.ts';

/**
 * Default budget of a check in search steps: some seconds at worst. Counted, not timed, so that the
 * verdict is the same on every machine; a run that exceeds it is `unknown`, never a pass.
 */
export const MAX_STEPS = 5_000_000;

/** Settings of {@link linearizable}. */
export interface LinearizableOptions<I, O> {
  /** Default: `linearizable`. */
  readonly name?: string;
  /** Default: names the model. */
  readonly description?: string;
  /** Budget in search steps; beyond it the verdict is `unknown`. Default: 5,000,000. */
  readonly maxSteps?: number;
  /** How to read an operation, by what the run was like. Default: as it was recorded. */
  readonly reading?: (run: FinishedRun) => (operation: Operation<I, O>) => Operation<I, O>;
}

/** The history of a run is linearizable with respect to a model. */
export function linearizable<S, I, O>(
  model: Model<S, I, O>,
  options: LinearizableOptions<I, O> = {},
): Check {
  const { maxSteps = MAX_STEPS, reading } = options;
  const readLines = (run: FinishedRun): [HistoryLine[], Operation<I, O>[]] => {
    const lines = run.history.filter((line) => line.status !== 'failed');
    const read = reading?.(run) ?? unchanged;
    return [lines, lines.map((line) => read(toOperation<I, O>(line)))];
  };
  return {
    name: options.name ?? 'linearizable',
    description: options.description ?? `the history fits the model "${model.name}"`,
    judge(run) {
      const [lines, operations] = readLines(run);
      const result = checkOperations(model, operations, { maxSteps });
      if (result.verdict === 'unknown') {
        return { verdict: 'unknown', message: `undecided after ${result.steps} steps` };
      }
      const { violation } = result;
      if (violation === undefined) return undefined;
      return {
        verdict: 'violation',
        class: 'safety',
        message: violation.reason,
        kind: violation.kind,
        event: lines[violation.index]?.event,
        story: story(model, violation, lines),
      };
    },
    picture(run) {
      const [lines, operations] = readLines(run);
      const result = checkOperations(model, operations, { maxSteps, verbose: true });
      const info = linearizationInfo(model, operations, result);
      return { info, ids: lines.map(({ id }) => id) };
    },
  };
}

function unchanged<T>(operation: T): T {
  return operation;
}

/** How many operations before the violation its story begins. */
const STORY_BEFORE = 4;
/** How many of the operations that the reason is about. */
const STORY_OF_REASON = 4;

/**
 * The operations that the reason is about, by completion; where only the search knows, after those
 * that it had placed before.
 */
function story<S, I, O>(
  model: Model<S, I, O>,
  { operations, attempt, index }: Violation<I, O>,
  lines: readonly HistoryLine[],
): StoryLine[] {
  const before = attempt?.prefix.slice(-STORY_BEFORE) ?? [];
  const chosen = new Set([...before, ...operations.slice(0, STORY_OF_REASON), index]);
  return [...chosen]
    .map((i) => lines[i])
    .filter((line) => line !== undefined)
    .toSorted((a, b) => (a.completed ?? Infinity) - (b.completed ?? Infinity))
    .map((line) => {
      const input = line.input as I;
      const output = line.output as O | undefined;
      const text = model.describeOperation?.(input, output) ?? JSON.stringify({ input, output });
      const isCulprit = line === lines[index];
      return { timeUs: line.completedUs ?? line.invokedUs, who: line.client, text, isCulprit };
    });
}

/** A line of a history as the checker takes it. */
export function toOperation<I, O>(line: HistoryLine): Operation<I, O> {
  const { client: clientId, invoked: call, completed } = line;
  // The model's types are a promise of the scenario that recorded the history.
  const input = line.input as I;
  if (completed === undefined) return { clientId, input, call };
  return { clientId, input, call, output: line.output as O, return: completed };
}
