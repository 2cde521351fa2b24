// Nothing but the checker is loaded on this path: a small file is judged in a moment.
import {
  checkOperations,
  describeMinimal,
  describeOperation,
  minimise,
  models,
  openMaybe,
  parseAnnotatedHistory,
  type AnnotatedHistory,
  type AnyModel,
  type CheckResult,
  type HistoryFormat,
  type HistoryLineMetadata,
  type MinimalHistory,
  type Operation,
  type UnknownReason,
} from '../../porcupine-ts/index.ts';
import type { Verdict } from '../../scenarios/define/verdict.ts';
import { ExitCode, exitCodeOfVerdict } from '../../scenarios/report/exit-code.ts';
import { visible } from '../../scenarios/report/text-fold.ts';
import { verdictText, wrap } from '../../scenarios/report/text-run.ts';
import { UsageError } from '../errors.ts';
import { nameOfInput, readHistoryText } from '../history-input.ts';
import { print, printJson, textWidth } from '../output.ts';

/** The project's words, which differ from those of the checker's own library. */
const WORDS = { ok: 'pass', illegal: 'violation', unknown: 'unknown' } as const;

/** Why a history is undecided. The command sets no time and no signal. */
const UNDECIDED: Readonly<Record<UnknownReason, string>> = {
  steps: 'undecided within the budget',
  memory: 'undecided: the search would need more than 1 GiB',
  time: 'undecided in time',
  aborted: 'undecided: aborted',
};

export interface CheckCommandOptions {
  readonly model: string;
  readonly format: string;
  readonly maxSteps?: string;
  /** An ErrMaybe took effect, if at all, before it was returned. */
  readonly closedMaybe?: boolean;
  /** The general search, also where there is an exact algorithm. */
  readonly search?: boolean;
  readonly json?: boolean;
  /** Where the page goes that shows the history. */
  readonly html?: string;
}

/** A history with what was found. */
export interface Judged {
  readonly file: string;
  readonly model: AnyModel;
  readonly history: readonly Operation<unknown, unknown>[];
  readonly result: CheckResult<unknown, unknown>;
  readonly verdict: Verdict;
  /** The smallest contradiction; exactly if it is a violation. */
  readonly minimal: MinimalHistory<unknown, unknown> | undefined;
}

/** `check FILE`: is a recorded history linearizable? `-` = standard input. */
export async function checkCommand(file: string, options: CheckCommandOptions): Promise<number> {
  const model = modelNamed(options.model);
  const maxSteps = stepsOf(options.maxSteps);
  const page = options.html === undefined ? undefined : await pageFor(options.html, file);
  const { history: recorded, annotations } = await readHistory(file, options.format, model);
  // Nobody says whether the network of a stored history could deliver requests late.
  const isOpen = model.name.startsWith('versioned-kv') && options.closedMaybe !== true;
  const history = isOpen ? openMaybe(recorded as Parameters<typeof openMaybe>[0]) : recorded;
  const algorithm = options.search === true ? 'search' : 'auto';
  const result = checkOperations(model, history, { maxSteps, algorithm });
  const { violation } = result;
  // Nothing to judge proves nothing.
  const verdict: Verdict = history.length === 0 ? 'vacuous' : WORDS[result.verdict];
  const minimal = violation && minimise(model, history, violation);
  const judged = { file, model, history, result, verdict, minimal };
  if (options.json === true) printJson(asJson(judged));
  else print(asText(judged));
  page?.({ ...judged, annotations, undecided: undecided(result), maxSteps, algorithm });
  return verdict === 'pass' ? ExitCode.asExpected : exitCodeOfVerdict(verdict);
}

/** What makes the page is loaded only for those who want one. */
async function pageFor(
  out: string,
  file: string,
): Promise<(judged: import('../history-html.ts').PicturedHistory) => void> {
  const { prepareHistoryHtml, writeHistoryHtml } = await import('../history-html.ts');
  prepareHistoryHtml(out, file);
  return (judged) => writeHistoryHtml(out, judged);
}

function modelNamed(name: string): AnyModel {
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  if (model !== undefined) return model;
  throw new UsageError(`--model: no model "${name}"; there are ${Object.keys(models).join(', ')}`);
}

function stepsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--max-steps: expected a whole number from 1, not "${text}"`);
}

async function readHistory(
  file: string,
  format: string,
  model: AnyModel,
): Promise<AnnotatedHistory<unknown, unknown>> {
  let text = '';
  try {
    text = await readHistoryText(file);
    return parseAnnotatedHistory(text, format as HistoryFormat, model);
  } catch (error) {
    // Positions come from the reader, the name of the file from here.
    if (error instanceof Error) {
      error.message = visible(`${nameOfInput(file)}: ${error.message}${hint(error, text)}`);
    }
    throw error;
  }
}

/** The commonest slips: the history of a lock, judged as that of a map; a file cut off. */
function hint(error: Error, text: string): string {
  if (error.message.includes('unknown operation')) {
    return ` (another --model? there are ${Object.keys(models).join(', ')})`;
  }
  const lines = text.split('\n');
  const isLast = (error as { line?: number }).line === lines.length;
  return isLast && error.message.includes('not JSON') && lines.length > 1
    ? ' (the last line, without a line end: is the file cut off?)'
    : '';
}

function undecided({ reason }: CheckResult<unknown, unknown>): string | undefined {
  return reason && UNDECIDED[reason];
}

function asText({ model, history, result, verdict, minimal }: Judged): string {
  const { operations, partitions, reason, steps, violation } = result;
  const counts = `${counted(operations, 'operation')} in ${counted(partitions, 'part')}`;
  const how = steps === 0 ? 'decided exactly' : counted(steps, 'search step');
  const lines = [`${verdictText(verdict)}  ${counts}, model ${model.name}: ${how}`];
  const width = textWidth();
  if (verdict === 'vacuous') lines[0] = `${verdictText(verdict)}  no operations: nothing to judge`;
  if (reason !== undefined) lines.push(`  ${undecided(result)}; that is not a pass`);
  if (violation !== undefined && minimal !== undefined) {
    const core = describeMinimal(model, history, minimal, {
      placeOf: (index) => lineOf(history[index]!),
      placeName: 'line',
    });
    lines.push(...wrap(violation.reason, '  ', width), '');
    lines.push(
      ...visible(core)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  }
  return lines.join('\n');
}

function asJson({ file, model, history, result, verdict, minimal }: Judged): object {
  const { operations, partitions, steps, violation } = result;
  const described = (index: number): object => {
    const operation = history[index]!;
    const { clientId: client, call, return: end, input, output } = operation;
    const text = describeOperation(model, operation);
    return { line: lineOf(operation), client, call, return: end, input, output, text };
  };
  return {
    format: 1,
    file,
    model: model.name,
    verdict,
    operations,
    partitions,
    steps,
    undecided: result.reason,
    kind: violation?.kind,
    reason: violation?.reason,
    partition: violation?.partition,
    culprit: violation && described(violation.index),
    involved: violation?.operations.map(described),
    core: minimal?.core.map(described),
    relaxed: minimal?.relaxed.length,
  };
}

/** Line of the file in which the operation was found. */
function lineOf({ metadata }: Operation<unknown, unknown>): number {
  return (metadata as HistoryLineMetadata).line;
}

/** `1 part`, `20 parts`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
