import { optional, type OperationShape, TEXT } from './shape.ts';

/** Chooses one of several objects of a model; absent = the only one. */
export interface KeyField {
  readonly key?: string;
}

/** The part of a history that the object of an input is. */
export function keyOf(input: KeyField): string {
  return input.key ?? '';
}

/** The shapes, of operations that may name their object in `key`. */
export function withKey(
  shapes: Readonly<Record<string, OperationShape>>,
): Readonly<Record<string, OperationShape>> {
  const keyed = Object.entries(shapes).map(([op, { input, output }]): [string, OperationShape] => [
    op,
    { input: { key: optional(TEXT), ...input }, output },
  ]);
  return Object.fromEntries(keyed);
}

/** `write("x", 1) -> ok`: the call, with the key if there is one, and the answer if it has one. */
export function callText(
  name: string,
  { key }: KeyField,
  values: readonly unknown[],
  answer?: string,
): string {
  const all = key === undefined ? values : [key, ...values];
  const call = `${name}(${all.map((value) => JSON.stringify(value)).join(', ')})`;
  return answer === undefined ? call : `${call} -> ${answer}`;
}

/** An answer on one line; `?` if nobody knows it. */
export function answerText(answer: unknown): string {
  return answer === undefined ? '?' : JSON.stringify(answer);
}
