import type { Application } from '../contract.ts';

/** Runs of letters, as the lab's word count has them. */
const WORD = /\p{L}+/gu;

/** How often each word occurs (§2.1). */
export const wordCount: Application = {
  map: (_file, content) => (content.match(WORD) ?? []).map((key) => ({ key, value: '1' })),
  reduce: (_key, values) => String(sum(values)),
  combine: (_key, values) => String(sum(values)),
};

function sum(values: readonly string[]): number {
  return values.reduce((total, value) => total + Number(value), 0);
}
