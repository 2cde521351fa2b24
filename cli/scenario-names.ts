import { packs } from '../scenarios/catalogue.ts';
import { UsageError } from './errors.ts';

/** All scenarios that a pattern means: `raft/*`, or `*` for all there are. */
export function scenariosLike(word: string): string[] {
  if (!word.includes('*')) return [word];
  const parts = word.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  const names = packs.flatMap((pack) => pack.scenarios.map(({ name }) => name));
  const found = names.filter((name) => pattern.test(name));
  if (found.length > 0) return found;
  throw new UsageError(`no scenario is called ${word}; faultlab list tells which there are`);
}
