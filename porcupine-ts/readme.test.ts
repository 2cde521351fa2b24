import * as fs from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as porcupine from './index.ts';

const readme = fs.readFileSync(new URL('README.md', import.meta.url), 'utf8');
const examples = Array.from(readme.matchAll(/```ts\n(.*?)```/gs), ([, source]) => source!);

/** Runs an example of the README; its `result`. */
function run(source: string): porcupine.CheckResult<unknown, unknown> {
  const body = ts
    .transpile(source, { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext })
    .replace(/^import \{(.*)\} from 'faultlab\/porcupine-ts';/, 'const {$1} = porcupine;');
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is our own README
  const example = new Function('porcupine', `${body}\nreturn result;`) as (
    library: typeof porcupine,
  ) => porcupine.CheckResult<unknown, unknown>;
  return example(porcupine);
}

test.each([
  [
    'first',
    0,
    /^the register held null from the start to 6 at the earliest \(client 2 read null\), but /,
  ],
  ['verbose', 3, /^client 2: read\(\) -> 0 .* fits nowhere; .* ends in state 1$/],
  ['online', 4, /^client 2 found no key "x" .* after client 2 had read version 1 /],
])('the %s example of the README does what it says', (_name, number, reason) => {
  const { verdict, violation } = run(examples[number]!);
  expect(verdict).toBe('illegal');
  expect(violation?.reason).toMatch(reason);
});

test('events: a pending write may have been read', () => {
  expect(run(examples[1]!).verdict).toBe('ok');
});

test('a nondeterministic model: a write that was lost does not come back', () => {
  const { verdict, violation } = run(examples[2]!);
  expect(verdict).toBe('illegal');
  expect(violation?.index).toBe(2);
});

test('there are no other examples', () => expect(examples).toHaveLength(5));
