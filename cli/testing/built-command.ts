/** The command as it is built, for end-to-end tests: run, and heard to its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export const EXAMPLES: string = fileURLToPath(new URL('../../examples/', import.meta.url));

/** What became of a command. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it finds on its standard input. Default: nothing. */
  readonly input?: string;
}

/** Start the command with these words, or this line of them: no colours, no particular width. */
export function start(
  line: string | readonly string[],
  { cwd, env = {}, input = '' }: StartOptions,
): { child: ChildProcess; done: Promise<Outcome> } {
  const words = typeof line === 'string' ? line.split(' ') : line;
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '1', COLUMNS: '', ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const done = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, done };
}
