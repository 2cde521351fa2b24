import { join } from 'node:path';
import { quoted } from '../../scenarios/report/shell-word.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { print, printJson } from '../output.ts';
import { skeletons, writeSkeleton } from '../skeletons.ts';

export interface InitOptions {
  readonly json?: boolean;
}

/**
 * `init <lab> <folder>`: a skeleton to fill in, its first test, and what to do next.
 * @param kind one of those that there are
 */
export function initCommand(kind: string, folder: string, { json }: InitOptions): number {
  const lab = skeletons[kind]!;
  const files = writeSkeleton(kind, folder);
  const file = join(folder, `${kind}.ts`);
  const next = `npx faultlab grade --impl ${quoted(file)} --lab ${lab}`;
  if (json === true) printJson({ format: 1, kind, folder, files, next });
  else {
    print(`${folder}: ${files.join(', ')}`);
    print(`fill in    ${file}, where it says "Your code here"`);
    print(`then       ${next}`);
    print(`and read   ${join(folder, 'README.md')}`);
  }
  return ExitCode.asExpected;
}
