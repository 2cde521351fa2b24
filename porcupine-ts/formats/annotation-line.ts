import { type Annotation, validAnnotations } from '../annotation.ts';
import type { JsonLine } from './json-fields.ts';

/** Is it a remark, and no operation? */
export function isAnnotationLine(line: JsonLine): boolean {
  return line.has('annotation');
}

/**
 * Reads the line of a remark, such as a fault, on the axis of the operations' stamps:
 * `{annotation, tag | client, start, end?, details?, textColor?, backgroundColor?}`.
 *
 * `annotation` is what is shown; see {@link Annotation} for the rest. It never changes a verdict.
 *
 * @throws HistoryError with the line
 */
export function readAnnotationLine(line: JsonLine): Annotation {
  const { annotation, client, tag, start, end, details, textColor, backgroundColor } = line.fields;
  const given: Record<string, unknown> = { tag, end, details, textColor, backgroundColor };
  const stated = Object.entries({ ...given, clientId: client }).filter(
    ([, value]) => (value ?? undefined) !== undefined,
  );
  const fields = { ...Object.fromEntries(stated), start, description: annotation };
  try {
    return validAnnotations([fields as unknown as Annotation])[0]!;
  } catch (error) {
    const problem = (error as Error).message.replace(/^annotation 0: /, '');
    throw line.error(`annotation: ${problem.replaceAll('clientId', 'client')}`);
  }
}
