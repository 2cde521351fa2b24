import { HistoryError } from '../history/history-error.ts';
import type { AnyModel, Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';
import { parseJepsenLog } from './jepsen.ts';
import { parseJsonl } from './jsonl.ts';
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
  return parse(text, format, model) as Operation<I, O>[];
}

function parse(
  text: string,
  format: HistoryFormat,
  model: AnyModel,
): Operation<unknown, unknown>[] {
  switch (format) {
    case 'jsonl':
      return parseJsonl(text, model);
    case 'jepsen':
      return forModel(parseJepsenLog(text), model);
    case 'porcupine-kv':
      return forModel(parsePorcupineKv(text), model);
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
