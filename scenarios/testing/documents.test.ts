/** What README and docs/testing.md say of tests is so. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as testing from './index.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the property of the README is the example that runs with these tests', () => {
  expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/property.test.ts')}\`\`\``);
});

test('the primary-backup register has fewer than 60 lines, as the README says', () => {
  const lines = read('examples/primary-backup.test.ts').trimEnd().split('\n').length;

  expect(lines).toBeLessThan(60);
  expect(read('README.md')).toContain(`in ${lines} lines`);
});

test('docs/testing.md names everything that can be called', () => {
  const text = read('docs/testing.md');
  const functions = Object.keys(testing).filter((name) => name !== 'SeedsFailed');

  expect(functions.length).toBeGreaterThan(8);
  expect(functions.filter((name) => !text.includes(name))).toEqual([]);
});

describe('docs/from-go.md', () => {
  const text = read('docs/from-go.md');

  test('has the example that is type-checked', () => {
    expect(text).toContain(`\`\`\`ts\n${read('examples/from-go.ts')}\`\`\``);
  });

  test('names nothing of an env that is not there', () => {
    const env = read('sim/node/env.ts');
    const named = [...new Set([...text.matchAll(/\benv\.(\w+)/g)].map((match) => match[1]!))];

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !new RegExp(`^  (readonly )?${name}\\b`, 'm').test(env))).toEqual(
      [],
    );
  });
});
