/** What a field must be, and how that is said. */
export interface FieldType {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** The types that operations of our models are made of. */
export const TEXT: FieldType = {
  expected: 'a string',
  accepts: (value) => typeof value === 'string',
};
export const COUNT: FieldType = {
  expected: 'an integer from 0 on',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
export const FLAG: FieldType = {
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};
export const CLIENT_ID: FieldType = {
  expected: 'a string or a number',
  accepts: (value) => typeof value === 'string' || Number.isFinite(value),
};
export const SCALAR: FieldType = {
  expected: 'a string, a finite number or null',
  accepts: (value) => value === null || typeof value === 'string' || Number.isFinite(value),
};
export const INTEGER: FieldType = {
  expected: 'an integer',
  accepts: (value) => Number.isSafeInteger(value),
};
export const ELEMENT: FieldType = {
  expected: 'a string or a finite number',
  accepts: (value) => typeof value === 'string' || Number.isFinite(value),
};
export const ELEMENTS: FieldType = {
  expected: 'a list of strings and finite numbers',
  accepts: (value) => Array.isArray(value) && value.every((each) => ELEMENT.accepts(each)),
};

/** One of the given words. */
export function oneOf(...words: readonly string[]): FieldType {
  return {
    expected: words.map((word) => JSON.stringify(word)).join(' or '),
    accepts: (value) => words.includes(value as string),
  };
}

/** The type, or null. */
export function orNull(type: FieldType): FieldType {
  return {
    expected: `${type.expected}, or null`,
    accepts: (value) => value === null || type.accepts(value),
  };
}

/** The type, or no such field. */
export function optional(type: FieldType): FieldType {
  return {
    expected: `${type.expected}, or nothing`,
    accepts: (value) => value === undefined || type.accepts(value),
  };
}

/** The fields of the input and of the output, if known, of one kind of operation. */
export interface OperationShape {
  readonly input: Readonly<Record<string, FieldType>>;
  readonly output: Readonly<Record<string, FieldType>>;
}

/**
 * What is wrong with an operation whose input names its kind in `op`, in words, or undefined.
 * Fields beyond those of the shape are let pass.
 *
 * @param shapes - by kind of operation
 */
export function operationProblem(
  shapes: Readonly<Record<string, OperationShape>>,
  input: unknown,
  output: unknown,
): string | undefined {
  if (!isRecord(input)) return `input: expected an object, got ${show(input)}`;
  const kind = input['op'];
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) {
    return `unknown operation ${show(kind)}; expected ${joinWords(Object.keys(shapes))}`;
  }
  const shape = shapes[kind]!;
  const problem = fieldsProblem('input', input, shape.input);
  if (problem !== undefined || output === undefined) return problem;
  if (!isRecord(output)) return `output: expected an object, got ${show(output)}`;
  return fieldsProblem('output', output, shape.output);
}

/** Is the value an object with fields? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsProblem(
  what: string,
  record: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, FieldType>>,
): string | undefined {
  for (const [name, type] of Object.entries(fields)) {
    if (type.accepts(record[name])) continue;
    return `${what}.${name}: expected ${type.expected}, got ${show(record[name])}`;
  }
  return undefined;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** `get, put or append` */
function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? 'none';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
