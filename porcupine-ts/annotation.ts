/** A remark to be shown beside a history: a fault, a restart, a note of a test. */
export interface Annotation {
  /** Shown in the row of this client. Exactly one of `clientId` and `tag` must be given. */
  readonly clientId?: string | number;
  /** Shown in a row of its own with this name, together with all of the same tag. */
  readonly tag?: string;
  /** Where it begins, on the axis of the operations' stamps. */
  readonly start: number;
  /** Where it ends, not before `start`. Default: at `start`, a point in time. */
  readonly end?: number;
  /** What is shown, short. */
  readonly description: string;
  /** What is shown on demand. */
  readonly details?: string;
  /** A CSS colour: `#efaefc`, `rgb(0 0 0 / 50%)`, `teal`. Default: the picture's own. */
  readonly textColor?: string;
  /** A CSS colour. Default: the picture's own. */
  readonly backgroundColor?: string;
}

/** Names, digits, functions of numbers: nothing that could end a declaration of CSS. */
const COLOR = /^(#[\da-f]{3,8}|[a-z]+|(rgb|hsl)a?\([\d\s.,%/]+\))$/i;

/**
 * Copies of the annotations with nothing but their own fields.
 * @throws TypeError that says which one is wrong, and what is wrong with it
 */
export function validAnnotations(annotations: readonly Annotation[]): Annotation[] {
  return annotations.map((annotation, index) => {
    const problem = annotationProblem(annotation);
    if (problem !== undefined) throw new TypeError(`annotation ${index}: ${problem}`);
    const { clientId, tag, start, end, description, details } = annotation;
    const { textColor, backgroundColor } = annotation;
    return {
      ...(clientId === undefined ? { tag: tag! } : { clientId }),
      start,
      ...(end === undefined ? {} : { end }),
      description,
      ...(details === undefined ? {} : { details }),
      ...(textColor === undefined ? {} : { textColor }),
      ...(backgroundColor === undefined ? {} : { backgroundColor }),
    };
  });
}

function annotationProblem(annotation: Annotation): string | undefined {
  const { clientId, tag, start, end = start } = annotation;
  if ((clientId === undefined) === (tag === undefined)) {
    return 'exactly one of clientId and tag must be given';
  }
  if (clientId !== undefined && typeof clientId !== 'string' && !Number.isFinite(clientId)) {
    return `clientId must be a string or a finite number, not ${String(clientId)}`;
  }
  if (!Number.isFinite(start)) return `start must be a finite number, not ${String(start)}`;
  if (!Number.isFinite(end)) return `end must be a finite number, not ${String(end)}`;
  if (end < start) return `end ${end} is before start ${start}`;
  if (typeof annotation.description !== 'string') return 'description must be a string';
  for (const name of ['tag', 'details'] as const) {
    const text: unknown = annotation[name];
    if (text !== undefined && typeof text !== 'string') return `${name} must be a string`;
  }
  for (const name of ['textColor', 'backgroundColor'] as const) {
    const color: unknown = annotation[name];
    if (color === undefined || (typeof color === 'string' && COLOR.test(color))) continue;
    return `${name} must be a CSS colour, not ${JSON.stringify(color)}`;
  }
  return undefined;
}
