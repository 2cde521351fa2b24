import { CrashSignal } from '../sim/index.ts';
import type { Application } from './contract.ts';
import { pairsOf } from './user-code.ts';

/** The records of a piece of input (§4.6): its lines, each with its end. */
export function linesOf(content: string): string[] {
  return content.split(/(?<=\n)/);
}

/** A piece of input without some of its lines, by their numbers from 0. */
export function withoutLines(content: string, skip: readonly number[]): string {
  if (skip.length === 0) return content;
  const skipped = new Set(skip);
  return linesOf(content)
    .filter((_line, i) => !skipped.has(i))
    .join('');
}

/**
 * The lines on which a map throws, or gives no pairs; none = it does on none of them alone.
 * @param skip lines that are known to be bad, and not among those
 */
export async function badLines(
  app: Application,
  file: string,
  content: string,
  skip: readonly number[] = [],
): Promise<number[]> {
  const skipped = new Set(skip);
  const bad: number[] = [];
  for (const [i, line] of linesOf(content).entries()) {
    if (skipped.has(i)) continue;
    try {
      await pairsOf(app, file, line);
    } catch (error) {
      // The machine crashes, and the line may be as good as any.
      if (error instanceof CrashSignal) throw error;
      bad.push(i);
    }
  }
  return bad;
}

/** Where a line begins, in bytes of UTF-8 from the start of the piece. */
export function offsetOf(content: string, line: number): number {
  return bytesOf(linesOf(content).slice(0, line).join(''));
}

export function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
