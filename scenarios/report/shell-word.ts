import { visible } from './text-fold.ts';

/** A word as a shell takes it. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // Between $'...' a shell takes escapes, so that nothing here steers the terminal.
  if (visible(word) !== word) return `$'${visible(word.replaceAll(/['\\]/g, '\\$&'))}'`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
