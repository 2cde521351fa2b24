import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start, type Outcome } from './testing/built-command.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultlab-bad-'));
  await faultlab(['run', 'kv/chaos', '--seed', '2']);
});
afterAll(() => rmSync(folder, { recursive: true }));

function faultlab(args: readonly string[], input = '', cwd = folder): Promise<Outcome> {
  return start(args, { cwd, input }).done;
}

let files = 0;
/** A file of its own, since tests run side by side: its name ends as asked. */
function fileOf(name: string, content: string | Buffer): string {
  const own = `${++files}-${name}`;
  writeFileSync(join(folder, own), content);
  return own;
}

/** Exit 64, nothing on stdout, and no stack: the mistake is the user's. */
async function expectRefused(args: readonly string[], message: RegExp, input = ''): Promise<void> {
  const { code, out, err } = await faultlab(args, input);

  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).not.toMatch(/^ +at |bug in Faultlab/m);
}

describe.concurrent('names and options that are not there', () => {
  test.each([
    ['run kv/chos', /unknown scenario "kv\/chos"; the nearest: kv\/chaos/],
    ['sweep kv/reliable-put kv/chos', /unknown scenario "kv\/chos"; the nearest: kv\/chaos/],
    ['replay kv/chos', /the nearest: kv\/chaos/],
    ['specimens show KV99', /unknown specimen "KV99"; the nearest: KV9/],
    ['run', /missing required argument 'scenario'/],
    ['run kv/chaos --sedd 3', /unknown option '--sedd'[^]*Did you mean --seed\?/],
    ['sweeep kv/chaos', /unknown command 'sweeep'[^]*Did you mean sweep\?/],
    ['run kv/chaos --seed', /argument missing/],
    ['run kv/chaos lock/chaos', /too many arguments/],
    ['list --lab 9', /9/],
    ['suite --lab 9', /--lab: no official tests of lab 9; there are 1, 2, 3, 3A, 3B, 3C, 3D/],
    ['suite --lab 3E', /--lab: no official tests of lab 3E; there are 1, 2, 3, 3A/],
    ['suite --lab', /argument missing/],
    ['suite kv/chaos', /too many arguments/],
    ['suite --specimen KV99', /unknown specimen "KV99"; the nearest: KV9/],
  ])('%s', async (line, message) => {
    await expectRefused(line.split(' '), message);
  });
});

describe.concurrent('values that do not fit', () => {
  test.each([
    ['run kv/chaos --set clients', /--set: expected key=value, not "clients"/],
    ['run kv/chaos --set clients=0', /params of kv\/chaos: clients: .*>=1/],
    ['run kv/chaos --set clint=3', /Unrecognized key: "clint" \(it has clients, keys, /],
    ['run kv/chaos --profile wlan', /no network profile "wlan"; there are .*lan/],
    ['run kv/chaos --hardware fast', /no hardware profile "fast"; there are .*server/],
    ['run kv/chaos --disk ssd', /no disk profile "ssd"; there are .*lossy/],
    ['sweep kv/chaos --seeds 1,2', /--seeds: expected .*, not "1,2"/],
    ['sweep kv/chaos --duration 5', /--duration: expected 500ms, 60s, 5m or 1h, not "5"/],
    ['run kv/chaos --impl a.ts --specimen KV1', /--impl and --specimen exclude each other/],
    ['suite --lab 3A --count 0', /--count: expected a whole number from 1, not "0"/],
    ['suite --lab 3A --seeds 3..1', /--seeds: 1 is before 3/],
    ['suite --lab 3A --seeds 1..3 --count 2', /--seeds and --count exclude each other/],
    ['suite --lab 2 --impl a.ts --specimen KV1', /--impl and --specimen exclude each other/],
    [
      'suite --impl a.ts',
      /--impl: say whose tests it is to pass, with --lab; there are 1, 2, 3, 3A/,
    ],
    ['replay kv/chaos --from x', /--from: expected milliseconds of virtual time, not "x"/],
    ['replay kv/chaos --from 5 --until 1', /--until/],
    ['replay kv/chaos --why 99999999', /--why: expected the number of an event from 1 to \d+/],
    ['replay kv/chaos --node c9', /--node: no node "c9"; there are .*server/],
    ['replay .faultlab/latest --seed 3', /--seed does not go with a plan/],
    ['check h.jsonl --model redis', /no model "redis"; there are versioned-kv, /],
    ['check h.jsonl --format xml', /Allowed choices are jsonl, jepsen, porcupine-kv/],
  ])('%s', async (line, message) => {
    await expectRefused(line.split(' '), message);
  });
});

describe.concurrent('files that cannot be used', () => {
  test.each([
    ['replay none.json', /none\.json: cannot be read: /],
    ['replay .faultlab/none', /none/],
    ['run kv/chaos --faults none.json', /none\.json: cannot be read: /],
    ['run kv/chaos --impl none.ts', /none\.ts: cannot be read: /],
    ['suite --lab 3 --impl none.ts', /none\.ts: cannot be read: /],
    ['check none.jsonl', /none\.jsonl: cannot be read: /],
    ['check .', /\.: cannot be read: /],
    ['check h.jsonl --html .', /\.: is a folder: name a file/],
    ['check a.jsonl b.jsonl --html p.html', /too many arguments/],
  ])('%s', async (line, message) => {
    await expectRefused(line.split(' '), message);
  });

  const planWith = (change: object): string => {
    const text = readFileSync(join(folder, '.faultlab/kv/chaos/2/plan.json'), 'utf8');
    return JSON.stringify({ ...(JSON.parse(text) as object), ...change });
  };

  test.each<[string, object, RegExp]>([
    ['of a newer format', { format: 2 }, /p\.json: format 2 is newer than this Faultlab reads/],
    ['without clients', { clients: undefined }, /p\.json: clients: .*expected array/],
    ['with a broken fault', { faults: [{ id: 'a', kind: 'crash' }] }, /p\.json: faults\[0\]\.atMs/],
    [
      'with a node that is not there',
      { faults: [{ id: 'a', kind: 'crash', node: 'zz', atMs: 1 }] },
      /faults\[0\].*no node "zz"; there are server, c0/,
    ],
    [
      'beyond the fault budget',
      { faults: [{ id: 'w', kind: 'crash', node: 'server', atMs: 1, untilMs: 2, wipe: true }] },
      /faults\[0\]\.wipe \(w\): 1 of server wiped, budget 0/,
    ],
    [
      'with a selection that the scenario does not know',
      { faults: [{ id: 's', kind: 'pause', node: { select: 'leader' }, atMs: 1 }] },
      /faults\[0\]\.node \(s\): the scenario selects no "leader"; there are none/,
    ],
    ['with an unknown scenario', { scenario: 'kv/chos' }, /the nearest: kv\/chaos/],
    ['with an unknown profile', { profile: 'moon' }, /no network profile "moon"/],
    ['with unknown hardware', { hardware: 'fast' }, /no hardware profile "fast"/],
    ['with an unknown disk', { disk: 'tape' }, /no disk profile "tape"/],
    ['with wrong params', { params: { clients: 'x' } }, /clients: .*expected number/],
    ['with code that is not there', { code: { impl: 'no/code.ts' } }, /code\.ts: cannot be read/],
  ])('a plan %s', async (_what, change, message) => {
    await expectRefused(['replay', fileOf('p.json', planWith(change))], message);
  });

  test('a plan that is cut off', async () => {
    await expectRefused(
      ['replay', fileOf('p.json', planWith({}).slice(0, 200))],
      /p\.json: expected JSON/,
    );
  });

  test('faults that misspell a field', async () => {
    const faults = [{ id: 'a', kind: 'crash', nod: 'server', atMs: 1 }];

    await expectRefused(
      ['run', 'kv/chaos', '--faults', fileOf('f.json', JSON.stringify(faults))],
      /f\.json: \[0\]/,
    );
  });

  test('an output folder that cannot be written', async () => {
    const cwd = mkdtempSync(join(folder, 'file-'));
    writeFileSync(join(cwd, '.faultlab'), 'a file');
    const { code, err } = await faultlab(['run', 'lock/basic'], '', cwd);

    expect(err).toMatch(/\.faultlab.*cannot be written/);
    expect(code).toBe(64);
  });
});

describe.concurrent('check', () => {
  const HEADER = '{"format":1,"kind":"history"}';
  const get = (id: number, change: object = {}): string =>
    JSON.stringify({
      id,
      client: `c${id}`,
      invoked: id * 10,
      completed: id * 10 + 5,
      status: 'ok',
      input: { op: 'get', key: 'k' },
      output: { value: '', version: 0, err: 'ErrNoKey' },
      ...change,
    });
  const history = (...lines: string[]): string => [HEADER, ...lines, ''].join('\n');
  const wrongGet = get(1, { output: { value: 'x', version: 4, err: 'OK' } });

  test.each<[string, string, RegExp]>([
    [
      'a return before its call',
      history(get(0), get(1, { invoked: 30, completed: 20 })),
      /h\.jsonl: line 3: return 20 is before call 30/,
    ],
    [
      'two calls of one client at a time',
      history(get(0, { completed: 15 }), get(1, { client: 'c0' })),
      /h\.jsonl: line 3: client "c0" called at 10, before its operation \(line 2\) returned at 15/,
    ],
    [
      'an operation that nobody knows',
      history(get(0), get(1, { input: { op: 'frob', key: 'k' } })),
      /h\.jsonl: line 3: unknown operation "frob"; expected get or put/,
    ],
    ['a newer format', `{"format":7,"kind":"history"}\n${get(0)}\n`, /line 1: .*newer than this/],
    ['text', 'garbage\n', /h\.jsonl: line 1: not JSON: garbage/],
    ['a line without end', 'x'.repeat(1e6), /h\.jsonl: line 1: not JSON: x{60}\.\.\.$/m],
    ['a list', '[1]\n', /line 1: expected a JSON object, got \[1\]/],
    ['an object of other fields', '{"a":1}\n', /line 1: expected a history line \{id, client/],
    [
      'a field of another type',
      history(get(0), get(1, { output: { value: 'x', version: '4', err: 'OK' } })),
      /line 3: output\.version: expected an integer from 0 on, got "4"/,
    ],
    [
      'a file that was cut off',
      history(get(0), get(1)).trimEnd().slice(0, -9),
      /line 3: not JSON: .*\(the last line, without a line end: is the file cut off\?\)/,
    ],
    ['zero bytes', `${get(0)}\n\0\n`, /h\.jsonl: line 2: has a zero byte/],
    ['two operations of one id', history(get(0), get(0)), /line 3: id: 0 is also the id of line 2/],
  ])('refuses %s, with the line', async (_what, text, message) => {
    await expectRefused(['check', fileOf('h.jsonl', text)], message);
  });

  test('names standard input when it reads from there', async () => {
    await expectRefused(['check', '-'], /standard input: line 1: not JSON/, 'garbage\n');
  });

  test('refuses what is no text, with the line, and what is no gzip after all', async () => {
    const packed = gzipSync(history(get(0)));
    const noText = fileOf('h.bin', Buffer.from([0x7b, 0x7d, 0x0a, 0xff, 0xfe]));
    await expectRefused(['check', noText], /h\.bin: line 2: not UTF-8 text/);
    const cut = fileOf('h.gz', packed.subarray(0, packed.length - 12));
    await expectRefused(['check', cut], /h\.gz: damaged gzip: /);
    const flipped = Buffer.from(packed).fill(0, 30, 40);
    await expectRefused(['check', fileOf('h.gz', flipped)], /h\.gz: damaged gzip: /);
  });

  test('takes gzip, either line end, and a byte order mark', async () => {
    const plain = history(get(0), get(1));
    const marked = `\uFEFF${plain.replaceAll('\n', '\r\n')}`;
    for (const content of [gzipSync(plain), marked, gzipSync(marked), plain.trimEnd()]) {
      const { code, out } = await faultlab(['check', fileOf('h.any', content)]);
      expect(out).toMatch(/^pass {2}2 operations in 1 part/);
      expect(code).toBe(0);
    }
  });

  test('a good history passes: exit 0', async () => {
    const { code, out } = await faultlab(['check', '-'], history(get(0), get(1)));

    expect(out).toMatch(/^pass {2}2 operations/);
    expect(code).toBe(0);
  });

  test('a wrong one is a violation with its reason: exit 1', async () => {
    const file = fileOf('h.jsonl', history(get(0), wrongGet));
    const text = await faultlab(['check', file]);
    const json = await faultlab(['check', file, '--json']);

    expect([text.code, json.code]).toEqual([1, 1]);
    expect(text.out).toMatch(/^violation {2}2 operations in 1 part, model versioned-kv: /i);
    expect(text.out).toContain('  This answer is impossible:\n');
    expect(text.out).toMatch(/^ +\|-\| +3 +c1 +\[10, 15\] +get\("k"\) -> "x", version 4, OK$/m);
    const culprit = { line: 3, client: 'c1', call: 10, return: 15, input: { op: 'get', key: 'k' } };
    expect(JSON.parse(json.out)).toMatchObject({
      format: 1,
      model: 'versioned-kv',
      verdict: 'violation',
      operations: 2,
      kind: expect.any(String),
      reason: expect.any(String),
      partition: 'k',
      culprit,
      core: [culprit],
      relaxed: 1,
    });
  });

  test('the general search, if it is asked for, comes to the same', async () => {
    const file = fileOf('h.jsonl', history(get(0), wrongGet));
    const { code, out } = await faultlab(['check', file, '--search']);

    expect(out).toMatch(/: \d+ search steps$/m);
    expect(code).toBe(1);
  });

  test('one that takes too many steps is unknown: exit 2', async () => {
    const file = join('.faultlab', 'kv', 'chaos', '2', 'history.jsonl');
    const { code, out } = await faultlab(['check', file, '--search', '--max-steps', '2', '--json']);

    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'unknown' });
  });

  test('one without an operation proves nothing: exit 2', async () => {
    const { code, out } = await faultlab(['check', '-']);

    expect(out).toBe('vacuous  no operations: nothing to judge\n');
    expect(code).toBe(2);
  });

  test('what steers a terminal is shown and not sent to it', async () => {
    const client = '\u001B[31m\u009B1m\u202E';
    const output = { value: '\u009B', version: 1, err: 'OK' };
    const { out } = await faultlab(['check', '-'], history(get(1, { client, output })));
    expect(out).toContain(String.raw`client \u001b[31m\u009b1m\u202e read`);
    const { err } = await faultlab(['check', '-'], '\u001B]0;title');
    // oxlint-disable-next-line no-control-regex -- they are what it is about
    for (const text of [out, err]) expect(text).not.toMatch(/[\u001B\u009B\u202E]/);
    expect(err).toContain(String.raw`\u001b]0;title`);
  });

  test('fields that nobody knows may be nested without end', async () => {
    const nested = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const line = get(1).replace('"op":', `"other":${nested},"op":`);
    expect((await faultlab(['check', '-'], history(line))).code).toBe(0);
  });

  /** The exit code of `check FILE | true`, or whatever else becomes of its output. */
  function codeOf(history: string, redirection: string): number | null {
    const file = join(folder, fileOf('h.jsonl', history));
    const script = `set -o pipefail; "$0" "$1" check "$2" ${redirection}`;
    const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
    return spawnSync('bash', ['-c', script, process.execPath, main, file]).status;
  }

  test.runIf(existsSync('/dev/full'))('the exit code says the verdict, read or not', () => {
    expect(codeOf(history(wrongGet), '| true')).toBe(1);
    expect(codeOf(history(get(0)), '| true')).toBe(0);
    expect(codeOf(history(get(0)), '> /dev/full')).toBe(70);
    expect(codeOf('no history', '2> /dev/full')).toBe(64);
  });
});
