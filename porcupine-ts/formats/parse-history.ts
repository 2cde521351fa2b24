import { HistoryError } from '../history/history-error.ts';
import type { Annotation } from '../annotation.ts';
import type { AnyModel, Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';
import { parseJepsenLog } from './jepsen.ts';
import { parseAnnotatedJsonl } from './jsonl.ts';
import { parsePorcupineKv } from './porcupine-kv.ts';

/** The file formats, with what each is for. */
export const historyFormats: Readonly<Record<HistoryFormat, string>> = {
  jsonl: 'one JSON object a line, any model: our history lines, or flat key/value lines',
  jepsen: "the log of Jepsen's etcd test, for the model cas-register",
  'porcupine-kv': "the EDN logs of Porcupine's key/value test data, for the model append",
};

/** Name of a file format. */
export type HistoryFormat = 'jsonl' | 'jepsen' | 'porcupine-kv';

/**
 * Reads a history file for a model. That its operations are of the model's types is what
 * `model.validate` says; a model without it takes what it is given.
 *
 * @param text - content of the file
 * @throws HistoryError if the file is malformed, or has operations that the model does not know; it
 *   says in which line
 */
export function parseHistory<S, I, O>(
  text: string,
  format: HistoryFormat,
  model: Model<S, I, O>,
): Operation<I, O>[] {
  return [...parseAnnotatedHistory(text, format, model).history];
}

/** A history, and what its file remarks on it. */
export interface AnnotatedHistory<I, O> {
  readonly history: readonly Operation<I, O>[];
  /** Faults and the like, of the format `jsonl` only; they never change a verdict. */
  readonly annotations: readonly Annotation[];
}

/** As {@link parseHistory}, with the annotations of the file. */
export function parseAnnotatedHistory<S, I, O>(
  text: string,
  format: HistoryFormat,
  model: Model<S, I, O>,
): AnnotatedHistory<I, O> {
  return parse(text, format, model) as AnnotatedHistory<I, O>;
}

function parse(
  text: string,
  format: HistoryFormat,
  model: AnyModel,
): AnnotatedHistory<unknown, unknown> {
  switch (format) {
    case 'jsonl':
      return parseAnnotatedJsonl(text, model);
    case 'jepsen':
      return { history: forModel(parseJepsenLog(text), model), annotations: [] };
    case 'porcupine-kv':
      return { history: forModel(parsePorcupineKv(text), model), annotations: [] };
  }
}

/** These formats bring the operations of one model; another may not know them. */
function forModel(
  history: Operation<unknown, unknown>[],
  model: AnyModel,
): Operation<unknown, unknown>[] {
  for (const { input, output, metadata } of history) {
    const problem = model.validate?.(input, output);
    if (problem === undefined) continue;
    const { line } = metadata as { readonly line: number };
    throw new HistoryError(`model ${model.name}: ${problem}`, { line });
  }
  return history;
}
