import pc from 'picocolors';
import { fold, padded } from './text-fold.ts';

/** A rule across a page: what happens to the world itself. */
export function rule(text: string, width: number): string[] {
  const lines = fold(text, width - 4, 3);
  return lines.map((line, i) => {
    const isLast = i === lines.length - 1;
    return pc.yellow(`-- ${isLast ? padded(`${line} `, width - 3, '-') : line}`);
  });
}
