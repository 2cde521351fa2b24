import * as fs from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as porcupine from './index.ts';

test('the example of the README does what it says', () => {
  const readme = fs.readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const source = /```ts\n(.*?)```/s.exec(readme)![1]!;
  const body = ts
    .transpile(source, { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext })
    .replace(/^import \{(.*)\} from 'faultlab\/porcupine-ts';/, 'const {$1} = porcupine;');
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is our own README
  const run = new Function('porcupine', `${body}\nreturn result;`) as (
    library: typeof porcupine,
  ) => porcupine.CheckResult<unknown, unknown>;
  const { verdict, violation } = run(porcupine);
  expect(verdict).toBe('illegal');
  expect(violation?.reason).toMatch(
    /^the register held null from the start to 6 at the earliest \(client 2 read null\), but /,
  );
});
