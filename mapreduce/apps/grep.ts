import type { Application } from '../contract.ts';

/** The lines that match a pattern, each with how often it occurs (§2.3, distributed grep). */
export function grep(pattern: RegExp): Application {
  return {
    map: (_file, content) =>
      content
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((key) => ({ key, value: '1' })),
    reduce: (_key, values) => String(values.length),
  };
}
