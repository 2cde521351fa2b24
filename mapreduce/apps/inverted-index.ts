import type { Application } from '../contract.ts';

const WORD = /\p{L}+/gu;

/** In which files each word occurs (§2.3): their number, and their names in order. */
export const invertedIndex: Application = {
  map(file, content) {
    const words = new Set(content.match(WORD) ?? []);
    return [...words].map((key) => ({ key, value: file }));
  },
  reduce(_key, values) {
    const files = [...new Set(values)].toSorted();
    return `${files.length} ${files.join(',')}`;
  },
};
