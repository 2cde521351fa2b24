import type { z } from 'zod';
import { FileError } from './file-error.ts';

/** One of our file formats. */
export interface JsonFormat<T> {
  /** The `kind` that it names itself by. */
  readonly kind: string;
  /** The version that this Faultlab reads and writes. */
  readonly format: number;
  /** What one looks like, for somebody who has another file at hand. */
  readonly shape: string;
  readonly schema: z.ZodType<T>;
}

/**
 * Take a value that came from a file for what its format says.
 * @throws FileError naming the file, the field and the expected form
 */
export function readAs<T>(
  { kind, format, shape, schema }: JsonFormat<T>,
  value: unknown,
  file: string,
): T {
  const given = (value ?? {}) as { format?: unknown; kind?: unknown };
  if (typeof given.format === 'number' && given.format > format) {
    throw new FileError(
      file,
      `format ${given.format} is newer than this Faultlab reads (${format}): update it`,
    );
  }
  if (given.kind !== kind) throw new FileError(file, `not a ${kind}: expected ${shape}`);
  return validate(schema, value, file);
}

/** The `kind` of a value that came from a file. */
export function kindOf(value: unknown): unknown {
  return ((value ?? {}) as { kind?: unknown }).kind;
}

/** @throws FileError */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError(file, `expected JSON: ${(error as Error).message}`);
  }
}

/** @throws FileError naming the first fields that do not fit */
export function validate<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    const field = issue.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, '');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  throw new FileError(file, problems.join('; '));
}
