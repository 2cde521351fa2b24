import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { Message, Plugin } from 'esbuild';
import { describeThrown, guarded, isA } from '../../sim/index.ts';
import type { Edit } from '../define/specimen.ts';
import { builtins, type BuiltinChange } from './builtins.ts';
import { moduleVariables, type ModuleVariable } from './module-state.ts';
import { UserCodeError } from './user-code-error.ts';

/** User code as one text, whose hash is its identity. */
export interface UserCode {
  /** As the user called it. */
  readonly name: string;
  readonly hash: string;
  /** Evaluate it afresh: module state starts anew. Returns what it exports. */
  evaluate(): Record<string, unknown>;
  /**
   * The same before any run.
   * @throws UserCodeError if the module throws while it is loaded
   */
  load(): Record<string, unknown>;
  /** A stack with its frames in this code mapped back to the source. */
  mapStack(stack: string): string;
  /** Where an export is defined, as a line of a stack; undefined if the text does not tell. */
  frameOf(exported: string): string | undefined;
  /** Variables of its modules that it seems to change. */
  variables(): readonly ModuleVariable[];
  /**
   * To be asked after it has run. What it has changed is put back.
   * @throws UserCodeError if it has changed what the language gives to everybody
   */
  refuseChanges(): void;
}

/** A place in a bundle, from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** What `faultlab/*` means to user code: the copy that runs. */
export type UserModules = Readonly<Record<string, unknown>>;

/**
 * Bundle a TypeScript or JavaScript file with all that it imports into one text. It is no sandbox:
 * the code runs with the rights of the process.
 * @param edit a change to make to the file while it is read
 * @throws UserCodeError if it cannot be read or compiled, or imports a module of Node
 */
export async function loadUserCode(
  path: string,
  modules: UserModules,
  edit?: Edit,
): Promise<UserCode> {
  const file = resolve(path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    const why = stat === undefined ? 'no such file' : 'it is no file';
    throw new UserCodeError(`${path}: cannot be read: ${why}`);
  }
  const { code, map } = await bundle(file, path, modules, edit);
  const shared = builtins();
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const filename = `bundle-${hash}.js`;
  const script = new Script(`(function (module, exports, require) {${code}\n})`, { filename });
  const require = (name: string): unknown => modules[name];
  const evaluate = (): Record<string, unknown> => {
    const module = { exports: {} as Record<string, unknown> };
    const run = script.runInThisContext() as (...args: unknown[]) => void;
    run(module, module.exports, require);
    return module.exports;
  };
  const mapStack = (stack: string): string =>
    mapFrames(stack, filename, new TraceMap(map), dirname(file));
  const refuseChanges = (): void => {
    const change = shared.change();
    if (change === undefined) return;
    shared.restore();
    const traced = new TraceMap(map);
    // What the bundler has added is nobody's.
    const where = [...placesOf(change, code)]
      .map((at) => sourceOf(traced, dirname(file), at))
      .find((place) => place !== undefined);
    throw new UserCodeError(changeText(path, change) + (where === undefined ? '' : ` (${where})`));
  };
  const load = (): Record<string, unknown> => {
    try {
      const exported = guarded(path, evaluate);
      refuseChanges();
      return exported;
    } catch (error) {
      if (isA(error, UserCodeError)) throw error;
      refuseChanges();
      const { stack, message } = describeThrown(error);
      // The frames below belong to the loader.
      const own = mapStack(stack ?? message).split(
        /\n.*evalmachine|\n.*node:|\n.*node-user-code|\n +at evaluate \(file:/,
      )[0];
      throw new UserCodeError(`cannot load ${path}: it throws\n${own}`, { cause: error });
    }
  };
  const variables = (): readonly ModuleVariable[] => {
    const traced = new TraceMap(map);
    return moduleVariables(code, (line, column) =>
      sourceOf(traced, dirname(file), { line, column }),
    );
  };
  const frameOf = (exported: string): string | undefined => {
    const place = definitionOf(exported, code);
    return place && `    at ${exported} (${filename}:${place})`;
  };
  return { name: path, hash, evaluate, load, mapStack, variables, frameOf, refuseChanges };
}

async function bundle(
  file: string,
  name: string,
  modules: UserModules,
  edit: Edit | undefined,
): Promise<{ code: string; map: string }> {
  // Loading it takes as long as a short run, and most runs have no code of a user's.
  const { build, formatMessagesSync } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      // Paths in the output are relative to the file: its hash is the same in every checkout.
      absWorkingDir: dirname(file),
      outfile: resolve(dirname(file), 'bundle.js'),
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['import', 'default'],
      target: 'es2023',
      sourcemap: 'external',
      logLevel: 'silent',
      plugins: [resolution(modules), ...(edit === undefined ? [] : [editing(file, edit)])],
    });
    const textOf = (ending: string): string =>
      outputFiles.find((output) => output.path.endsWith(ending))?.text ?? '';
    return { code: textOf('.js'), map: textOf('.map') };
  } catch (error) {
    const { errors } = error as { errors?: Message[] };
    if (errors === undefined) throw error;
    const text = formatMessagesSync(errors.map(withoutAdvice), { kind: 'error' }).join('').trim();
    throw new UserCodeError(`cannot load ${name}:\n${text}`, { cause: error });
  }
}

/** What esbuild advises is for those who call it. */
function withoutAdvice(message: Message): Message {
  return { ...message, notes: [] };
}

/** `faultlab/*` stays outside and means the running copy; modules of Node are refused. */
function resolution(modules: UserModules): Plugin {
  return {
    name: 'faultlab',
    setup({ onResolve }) {
      onResolve({ filter: /^faultlab(\/|$)/ }, ({ path }) =>
        path in modules
          ? { path, external: true }
          : {
              errors: [
                { text: `there is no "${path}"; there are ${Object.keys(modules).join(', ')}` },
              ],
            },
      );
      onResolve({ filter: /^(node:)?[a-z0-9_/]+$/ }, ({ path }) =>
        path.startsWith('node:') || builtinModules.includes(path)
          ? { errors: [{ text: `"${path}" is refused: a node reaches the world through its env` }] }
          : undefined,
      );
    },
  };
}

function editing(file: string, { find, replace }: Edit): Plugin {
  return {
    name: 'edit',
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => {
        if (path !== file) return undefined;
        const parts = readFileSync(path, 'utf8').split(find);
        if (parts.length !== 2) {
          throw new UserCodeError(
            `${file}: "${find.trim()}" occurs ${parts.length - 1} times, not once`,
          );
        }
        return { contents: parts.join(replace), loader: 'ts' };
      });
    },
  };
}

/** Is a frame of a stack one of code that was loaded here, before it is mapped? */
export function isInBundle(frame: string): boolean {
  return /\bbundle-[0-9a-f]{12}\.js:\d/.test(frame);
}

function mapFrames(stack: string, filename: string, map: TraceMap, root: string): string {
  const frame = new RegExp(`${filename}:(\\d+):(\\d+)`, 'g');
  return stack.replace(frame, (text, line: string, column: string) => {
    return sourceOf(map, root, { line: Number(line), column: Number(column) }) ?? text;
  });
}

/** Line and column at which a bundle defines what it exports under a name. */
function definitionOf(exported: string, bundle: string): string | undefined {
  const local = new RegExp(`^ +${exported}: \\(\\) => ([\\w$]+)`, 'm').exec(bundle)?.[1];
  if (local === undefined) return undefined;
  const name = local.replaceAll('$', '\\$');
  const line = bundle
    .split('\n')
    .findIndex((text) => new RegExp(`^(async )?(function|var|let|const) ${name}\\b`).test(text));
  return line === -1 ? undefined : `${line + 1}:1`;
}

function changeText(path: string, { path: what, isFrozen }: BuiltinChange): string {
  const done = isFrozen ? 'freezes' : 'changes';
  return `${path} ${done} ${what}, which all nodes share with each other and with the simulator`;
}

/** Where a bundle names what it has changed, or else the object that it is of. */
function* placesOf({ path }: BuiltinChange, bundle: string): Generator<Place> {
  const holder = path.split('.').slice(0, -1).join('.');
  for (const name of [path, holder]) {
    if (name === '') continue;
    for (let at = bundle.indexOf(name); at !== -1; at = bundle.indexOf(name, at + 1)) {
      const before = bundle.slice(0, at).split('\n');
      yield { line: before.length, column: before.at(-1)!.length + 1 };
    }
  }
}

/** What a place in a bundle is in its sources: `my-raft.ts:12:3`. */
function sourceOf(map: TraceMap, root: string, { line, column }: Place): string | undefined {
  const at = originalPositionFor(map, { line, column: column - 1 });
  if (at.source === null) return undefined;
  // Sources are URLs.
  const file = resolve(root, decodeURIComponent(at.source));
  return `${relative(process.cwd(), file)}:${at.line}:${at.column + 1}`;
}

/** A file of this package, wherever it is installed. */
export function packageFile(path: string): string {
  // From the sources as from dist/: the nearest folder upwards that holds package.json.
  for (let url = new URL('.', import.meta.url); ; url = new URL('..', url)) {
    const candidate = fileURLToPath(new URL('package.json', url));
    try {
      const { name } = JSON.parse(readFileSync(candidate, 'utf8')) as { name?: string };
      if (name === 'faultlab') return resolve(dirname(candidate), path);
    } catch {
      if (url.pathname === '/') throw new Error('the package.json of faultlab is missing');
    }
  }
}
