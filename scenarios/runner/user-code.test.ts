import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { userModules } from '../node-catalogue.ts';
import { loadUserCode, packageFile, type UserCode } from './node-user-code.ts';
import { Target } from './node-target.ts';

const registry = new Registry(packs);

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-user-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const load = (name: string, text: string): Promise<UserCode> =>
  loadUserCode(fileOf(name, text), userModules);
const open = (impl: string, scenario = 'kv/reliable-put'): Promise<Target> =>
  Target.open(registry, { scenario, impl, overrides: {} }, userModules);

describe('code that is refused before the first run', () => {
  const refused: readonly [what: string, text: string, message: RegExp][] = [
    [
      'imports a module of Node',
      `import fs from 'node:fs';\nexport const makeKvServer = () => fs;`,
      /"node:fs" is refused: a node reaches the world through its env[^]*user\.ts:1:15/,
    ],
    [
      'imports it without the prefix',
      `import fs from 'fs/promises';\nexport const makeKvServer = () => fs;`,
      /"fs\/promises" is refused/,
    ],
    [
      'requires it',
      `export const makeKvServer = () => require('child_process');`,
      /"child_process" is refused/,
    ],
    [
      'imports a part of faultlab that is not there',
      `import x from 'faultlab/paxos';\nexport const makeKvServer = x;`,
      /there is no "faultlab\/paxos"; there are faultlab\/sim, [^]*user\.ts:1:14/,
    ],
    [
      'imports a package that is not there',
      `import x from 'no-such-package';\nexport const makeKvServer = x;`,
      /Could not resolve "no-such-package"[^]*user\.ts:1:14/,
    ],
    [
      'has an error in its syntax',
      `export const a = 1;\nexport const makeKvServer = () => {{;\n`,
      /cannot load .*user\.ts:[^]*Unexpected end of file[^]*user\.ts:3:0/,
    ],
    ['exports nothing of use', `export const other = 1;`, /at least one export of makeKvServer, /],
    [
      'exports something that is no function',
      `export const makeKvServer = 5;`,
      /user\.ts: makeKvServer: expected a function, got number/,
    ],
    [
      'changes what everybody shares',
      `const x = 1;\nArray.prototype.push = () => x;\nexport const makeKvServer = () => x;`,
      /user\.ts changes Array\.prototype\.push, which all nodes share .*\(.*user\.ts:2:1\)/,
    ],
    [
      'throws while it is loaded',
      `const no: string | undefined = undefined;\nthrow new Error('at load: ' + no);\n`,
      /it throws\nError: at load: undefined\n.*user\.ts:2:7/,
    ],
  ];

  test.each(refused)('a file that %s', async (_what, text, message) => {
    const opening = open(fileOf('user.ts', text));

    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({ name: 'UserCodeError' });
  });

  test('a file that is not there, and a folder', async () => {
    await expect(open(join(folder, 'none.ts'))).rejects.toThrow(/none\.ts: cannot be read/);
    await expect(open(folder)).rejects.toThrow(/cannot be read/);
  });

  test('a file for a scenario in which nobody else can take part: it says why', async () => {
    const impl = packageFile('examples/mapreduce-async.ts');
    const opening = Target.open(
      registry,
      { scenario: 'mapreduce/cluster-sort', impl, overrides: {} },
      userModules,
    );

    await expect(opening).rejects.toThrow(/cluster-sort takes no such file: its racks answer for/);
  });

  test('a module that is no scenario', async () => {
    const scenario = fileOf('my.scenario.ts', `export default { hello: 1 };`);
    const opening = Target.open(registry, { scenario, overrides: {} }, userModules);

    await expect(opening).rejects.toThrow(/expected a default export made by defineScenario/);
  });
});

describe('the identity of user code', () => {
  const text = `export const makeKvServer = () => 1;`;

  test('the same text has the same hash, wherever it lies, whatever its comments say', async () => {
    const first = await load('a.ts', text);
    const again = await load('a.ts', `// a comment\n${text}`);
    const changed = await load('a.ts', text.replace('1', '2'));

    expect(again.hash).toBe(first.hash);
    expect(changed.hash).not.toBe(first.hash);
    expect(first.hash).toMatch(/^[0-9a-f]{12}$/);
  });

  test('what it imports belongs to it', async () => {
    fileOf('part.ts', `export const n = 1;`);
    const before = await load('b.ts', `export { n } from './part.ts';`);
    fileOf('part.ts', `export const n = 2;`);
    const after = await load('b.ts', `export { n } from './part.ts';`);

    expect([before.evaluate(), after.evaluate()]).toEqual([{ n: 1 }, { n: 2 }]);
    expect(after.hash).not.toBe(before.hash);
  });

  test('a target carries version and hash', async () => {
    const target = await open(packageFile('examples/kv-async.ts'));

    expect(target.info.codeHash).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
    expect(target.info.name).toBe('kv/reliable-put');
  });
});

test('faultlab means the copy that runs', async () => {
  const code = await load('c.ts', `export { makeKvServer } from 'faultlab/kvsrv';`);

  expect(code.evaluate()['makeKvServer']).toBe(
    (userModules['faultlab/kvsrv'] as { makeKvServer: unknown }).makeKvServer,
  );
});

test('each evaluation starts with fresh module state', async () => {
  const code = await load('d.ts', `let n = 0;\nexport const next = () => ++n;`);
  const [one, two] = [code.evaluate(), code.evaluate()] as { next: () => number }[];

  expect([one?.next(), one?.next(), two?.next()]).toEqual([1, 2, 1]);
});

describe('a run with user code', () => {
  /** A server that keeps everything in its module and nothing on its disk. */
  const FORGETFUL = `
    const table = new Map<string, { value: string; version: number }>();
    export const makeKvServer = () => ({ handlers: {
      get: ({ key }: { key: string }) => {
        const row = table.get(key);
        return row === undefined
          ? { value: '', version: 0, err: 'ErrNoKey' } : { ...row, err: 'OK' };
      },
      put: ({ key, value, version }: { key: string; value: string; version: number }) => {
        const row = table.get(key);
        if (row === undefined && version > 0) return { err: 'ErrNoKey' };
        if (row !== undefined && row.version !== version) return { err: 'ErrVersion' };
        table.set(key, { value, version: version + 1 });
        return { err: 'OK' };
      },
    } });`;

  test('module state dies at a crash, as the memory of a process does', async () => {
    const faults = [
      { id: 'crash0', kind: 'crash' as const, node: 'server', atMs: 600, untilMs: 700 },
    ];
    const runWith = async (overrides: object): Promise<string | undefined> => {
      const spec = { scenario: 'kv/chaos', impl: fileOf('e.ts', FORGETFUL), overrides };
      const target = await Target.open(registry, spec, userModules);
      return (await target.run({ from: { seed: '1' }, isTraced: false })).result.check;
    };

    expect(await runWith({ faults: [] })).toBeUndefined();
    expect(await runWith({ faults })).toBe('linearizable');
  });

  test('module state is not shared between nodes or runs', async () => {
    const target = await open(fileOf('f.ts', FORGETFUL));
    const job = { from: { seed: '1' }, isTraced: false };
    const runs = [await target.run(job), await target.run(job)];

    expect(runs.map(({ result }) => result.verdict)).toEqual(['pass', 'pass']);
    expect(runs[0]?.result.digest).toBe(runs[1]?.result.digest);
  });

  test('the stack of a crash names file and line of the source', async () => {
    const text = `
      interface Args { key: string }
      export const makeKvServer = () => ({ handlers: {
        get: (_args: Args) => ({ value: '', version: 0, err: 'ErrNoKey' }),
        put: (args: Args) => { throw new TypeError('no ' + args.key); },
      } });`;
    const target = await open(fileOf('g.ts', text));
    const { result } = await target.run({ from: { seed: '1' }, isTraced: false });

    expect(result).toMatchObject({ verdict: 'crash', check: 'uncaught error' });
    expect(result.reason).toBe('TypeError: no k');
    expect(result.where).toMatch(/^server#1 at 0\.\d{6} s$/);
    expect(result.stack).toMatch(/at put \(.*g\.ts:5:38\)/);
    expect(result.stack).not.toMatch(/bundle-/);
  });
});

describe('an edit of somebody else’s code', () => {
  const edit = { file: 'h.ts', find: 'return 1;', replace: 'return 2;' };
  const loadEdited = (text: string): Promise<UserCode> =>
    loadUserCode(fileOf('h.ts', text), userModules, edit);

  test('changes what runs, and the hash', async () => {
    const text = `export const f = () => { return 1; };`;
    const edited = await loadEdited(text);
    const plain = await load('h.ts', text);

    expect((edited.evaluate() as { f: () => number }).f()).toBe(2);
    expect(edited.hash).not.toBe(plain.hash);
  });

  test.each([
    ['is not there', `export const f = () => 0;`, /occurs 0 times, not once/],
    [
      'is there twice',
      `const g = () => { return 1; };\nexport const f = () => { return 1; };`,
      /occurs 2 times/,
    ],
  ])('is refused if its place %s', async (_what, text, message) => {
    await expect(loadEdited(text)).rejects.toThrow(message);
  });
});
