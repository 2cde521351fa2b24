import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packs } from '../scenarios/catalogue.ts';
import { parseTrace } from '../scenarios/define/trace-file.ts';
import { VERSION } from '../scenarios/define/version.ts';
import { EXAMPLES, start, type Outcome, type StartOptions } from './testing/built-command.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-e2e-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Run the built command; each call in a folder of its own, unless one is given. */
function faultlab(
  line: string,
  { cwd = mkdtempSync(join(folder, 'run-')), ...rest }: Partial<StartOptions> = {},
): Promise<Outcome> {
  return start(line, { cwd, ...rest }).done;
}

type Json = Record<string, unknown>;
const jsonLines = ({ out }: Outcome): Json[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);

describe.concurrent('help', () => {
  test('groups the commands, and exits with 0', async () => {
    const { code, out } = await faultlab('--help');

    expect(code).toBe(0);
    const run = /^Run:$[^]*^ +run [^]*^ +sweep [^]*^ +suite [^]*^ +list /m;
    const debug = /^Debug:$[^]*^ +replay [^]*^ +shrink /m;
    for (const group of [run, debug, /^Judge:$[^]*^ +check [^]*^ +verify [^]*^ +specimens/m]) {
      expect(out).toMatch(group);
    }
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test.each(['run', 'sweep', 'replay', 'shrink', 'verify'])(
    'of %s names what can be chosen',
    async (command) => {
      const { code, out } = await faultlab(`${command} --help`);

      expect(code).toBe(0);
      for (const option of [
        '--set',
        '--profile',
        '--disk',
        '--hardware',
        '--faults',
        '--impl',
        '--specimen',
      ]) {
        expect(out).toContain(option);
      }
    },
  );

  test('the version', async () => {
    expect(await faultlab('--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });
});

describe.concurrent('metrics and exports', () => {
  test('run --metrics prints tables, or a second line of JSON, and keeps a file', async () => {
    const cwd = mkdtempSync(join(folder, 'metrics-'));
    const kept = join(cwd, '.faultlab/kv/chaos/3/metrics.json');
    const [result, metrics] = jsonLines(
      await faultlab('run kv/chaos --seed 3 --metrics --json', { cwd }),
    );
    expect(result).toMatchObject({ latency: { get: { count: expect.any(Number) } } });
    expect(metrics).toMatchObject({ format: 1, kind: 'metrics', digest: result?.['digest'] });
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual(metrics);

    const { code, out } = await faultlab('run kv/chaos --seed 3', { cwd });
    expect([code, existsSync(kept)]).toEqual([0, false]);
    expect(out).toMatch(/^ {2}latency p50\/p99\/max in ms: get [\d./]+, put [\d./]+$/m);
    expect(out).not.toContain('Metrics');
    const again = await faultlab('replay .faultlab/latest --metrics', { cwd });
    expect(again.out).toMatch(/^Metrics over [^]*^operation, ms +count +p50/m);
    for (const line of again.out.split('\n').slice(9)) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('replay writes files for other tools, and says which', async () => {
    const cwd = mkdtempSync(join(folder, 'export-'));
    const line = 'replay kv/chaos --seed 3 --perfetto p.json --shiviz s.log --json';
    expect(jsonLines(await faultlab(line, { cwd }))).toEqual([
      { format: 1, kind: 'perfetto', file: 'p.json' },
      { format: 1, kind: 'shiviz', file: 's.log' },
    ]);
    expect(readdirSync(cwd).toSorted()).toEqual(['p.json', 's.log']);
    const { traceEvents } = JSON.parse(readFileSync(join(cwd, 'p.json'), 'utf8')) as {
      traceEvents: readonly object[];
    };
    expect(traceEvents.length).toBeGreaterThan(1000);
    const [expression = ''] = readFileSync(join(cwd, 's.log'), 'utf8').split('\n');
    expect((await faultlab('replay --help')).out).toContain(expression);
    expect(readFileSync('docs/metrics.md', 'utf8')).toContain(expression);
  });

  test.each([
    ['--perfetto .', /^faultlab: \.: is a folder: name a file$/m],
    ['--shiviz nowhere/s.log', /^faultlab: nowhere\/s\.log: cannot be written: /m],
    ['--perfetto a --shiviz a', /--perfetto and --shiviz: expected two files/],
    ['--perfetto a --why 3', /--why does not go with an export/],
    ['--metrics --until 3', /--until does not go with --metrics/],
  ])('%s is refused', async (flags, message) => {
    const cwd = mkdtempSync(join(folder, 'refused-'));
    const { code, err } = await faultlab(`replay kv/chaos ${flags}`, { cwd });
    expect(code).toBe(64);
    expect(err).toMatch(message);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe.concurrent('list', () => {
  const scenarios = packs.flatMap((pack) => pack.scenarios);

  test('as text: each scenario, with its official test', async () => {
    const { code, out } = await faultlab('list');

    expect(code).toBe(0);
    for (const { name, test: own } of scenarios) expect(out).toContain(own ?? name);
  });

  test('as JSON: one line each', async () => {
    const rows = jsonLines(await faultlab('list --json'));

    expect(rows.map((row) => row['scenario'])).toEqual(scenarios.map(({ name }) => name));
    expect(rows[0]).toMatchObject({
      format: 1,
      scenario: 'mapreduce/wc',
      lab: 1,
      test: 'TestWc',
      description: expect.any(String),
    });
  });

  test('with params and their defaults; with profiles', async () => {
    expect((await faultlab('list --params')).out).toMatch(/--set clients=5 +number of clients/);
    expect((await faultlab('list --profiles')).out).toMatch(
      /^network +lab-unreliable +\S[^]*^disk +torn +\S[^]*^hardware +server +\S/m,
    );
    expect((await faultlab('list --lab 2')).out).toContain('kv/chaos');
  });
});

describe.concurrent('run', () => {
  test('as JSON has all that a run is asked for', async () => {
    const [result, ...rest] = jsonLines(await faultlab('run kv/unreliable-net --seed 3 --json'));

    expect(rest).toEqual([]);
    expect(result).toMatchObject({
      format: 1,
      scenario: 'kv/unreliable-net',
      seed: '3',
      verdict: 'pass',
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      events: expect.any(Number),
      simMs: expect.any(Number),
      wallMs: expect.any(Number),
      operations: expect.any(Number),
      messages: expect.any(Number),
      calls: expect.any(Number),
      bytes: expect.any(Number),
      repro: expect.stringMatching(/^npx faultlab run kv\/unreliable-net --seed 3 /),
    });
  });

  test('a failure says why, where it is kept, and how to run it again; exit 1', async () => {
    const { code, out } = await faultlab('run kv/unreliable-net --specimen KV1 --seed 4');

    expect(code).toBe(1);
    expect(out).toMatch(/^VIOLATION {2}kv\/unreliable-net {2}seed 4 {2}a put happens once/);
    expect(out).toMatch(/event \d+ of \d+/);
    expect(out).toContain('npx faultlab replay .faultlab/kv/unreliable-net/4');
    expect(out).toMatch(
      /npx faultlab run kv\/unreliable-net --seed 4 --specimen KV1 {2}# faultlab/,
    );
  });

  test('a failure as JSON has signature, reason and event', async () => {
    const outcome = await faultlab('run kv/unreliable-net --specimen KV1 --seed 4 --json');

    expect(outcome.code).toBe(1);
    expect(jsonLines(outcome)[0]).toMatchObject({
      verdict: 'violation',
      class: 'safety',
      check: 'a put happens once',
      signature: expect.stringContaining('a put happens once: '),
      reason: expect.any(String),
      event: expect.any(Number),
    });
  });

  test('answers to the official name, and takes every choice', async () => {
    const choices = '--set clients=2 --set forMs=50 --profile lan --disk torn --hardware server';
    const [result] = jsonLines(await faultlab(`run TestPutConcurrentReliable ${choices} --json`));

    expect(result).toMatchObject({ scenario: 'kv/put-concurrent-reliable', verdict: 'pass' });
    expect(result?.['repro']).toContain(`run TestPutConcurrentReliable --seed 1 ${choices}`);
    expect(result?.['operations']).toBeLessThan(400);
  });

  test('a random seed is printed, and gives the same run again', async () => {
    const [first] = jsonLines(await faultlab('run kv/reliable-put --seed random --json'));
    const [again] = jsonLines(
      await faultlab(`run kv/reliable-put --seed ${String(first?.['seed'])} --json`),
    );

    expect(first?.['seed']).toMatch(/^[0-9a-f]{8}$/);
    expect(again?.['digest']).toBe(first?.['digest']);
  });

  test('colours stay away where nobody wants them', async () => {
    const wanted = await faultlab('run lock/basic', { env: { FORCE_COLOR: '1', NO_COLOR: '' } });
    const unwanted = await faultlab('run lock/basic', { env: { FORCE_COLOR: '', NO_COLOR: '1' } });

    expect(wanted.out).toContain('\u001b[32m');
    expect(unwanted.out).not.toContain('\u001b');
  });
});

test('faults of a file that hit nobody are named by run and replay; nobody is blamed', async () => {
  const cwd = mkdtempSync(join(folder, 'home-'));
  const node = { label: 'zone', is: 'nowhere' };
  const faults = [{ id: 'typo', kind: 'crash', atMs: 10, untilMs: 20, node }];
  writeFileSync(join(cwd, 'faults.json'), JSON.stringify(faults));
  const { code, out } = await faultlab('run kv/chaos --faults faults.json', { cwd });
  const replayed = await faultlab('replay .faultlab/latest --until 0', { cwd });

  expect(code).toBe(0);
  expect(out).toContain('1 of 1 fault actions found nothing to hit: typo');
  expect(replayed.out).toContain('1 of 1 fault actions found nothing to hit: typo');
  expect(replayed.out).not.toContain('has changed');
});

describe.concurrent('what a run leaves behind', () => {
  test('result, plan, history and trace; a replay of the folder is the same run', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const [result] = jsonLines(await faultlab('run kv/chaos --seed 12 --json', { cwd }));
    const run = join(cwd, '.faultlab', 'kv', 'chaos', '12');
    const read = (name: string): string => readFileSync(join(run, name), 'utf8');
    const header = (name: string): unknown => JSON.parse(read(name).split('\n')[0] ?? '');

    expect(readdirSync(run).toSorted()).toEqual([
      'history.jsonl',
      'plan.json',
      'result.json',
      'trace.ndjson',
    ]);
    expect(JSON.parse(read('result.json'))).toMatchObject({ digest: result?.['digest'] });
    expect(JSON.parse(read('plan.json'))).toMatchObject({ format: 1, kind: 'plan', seed: '12' });
    expect(header('history.jsonl')).toMatchObject({ format: 1, kind: 'history', seed: '12' });
    expect(header('trace.ndjson')).toMatchObject({ format: 1, kind: 'trace', seed: '12' });
    expect(realpathSync(join(cwd, '.faultlab', 'latest'))).toBe(realpathSync(run));

    for (const what of ['.faultlab/latest', '.faultlab/kv/chaos/12/plan.json']) {
      const { code, out } = await faultlab(`replay ${what} --until 1`, { cwd });
      expect(code).toBe(0);
      expect(out).toContain(`digest ${String(result?.['digest'])}`);
      expect(out).not.toContain('the code has changed');
    }
    expect((await faultlab('check .faultlab/kv/chaos/12/history.jsonl', { cwd })).code).toBe(0);
  });

  test('the plan has the nodes that were selected, and repeats the run', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const holder = { kind: 'pause', node: { select: 'holder' } };
    const faults = [100, 300, 500].map((atMs) => ({
      ...holder,
      id: `at ${atMs}`,
      atMs,
      untilMs: atMs + 50,
    }));
    writeFileSync(join(cwd, 'faults.json'), JSON.stringify(faults));
    await faultlab('run lock/chaos --seed 3 --faults faults.json', { cwd });
    const file = join(cwd, '.faultlab', 'lock', 'chaos', '3', 'plan.json');
    const plan = JSON.parse(readFileSync(file, 'utf8')) as { faults: { node: string[] }[] };

    expect(plan.faults.map(({ node }) => Array.isArray(node))).toEqual([true, true, true]);
    expect(plan.faults.flatMap(({ node }) => node)).not.toEqual([]);
    expect(await faultlab(`replay ${file} --until 0`, { cwd })).toMatchObject({ code: 0, err: '' });
  });

  test('a plan edited by hand is another run; no nondeterminism', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    await faultlab('run kv/chaos --seed 12', { cwd });
    const run = join(cwd, '.faultlab', 'kv', 'chaos', '12');
    const replay = (): Promise<Outcome> => faultlab(`replay ${run} --until 0`, { cwd });
    const edit = (name: string, from: RegExp, to: string): void => {
      const text = readFileSync(join(run, name), 'utf8');
      writeFileSync(join(run, name), text.replace(from, to));
    };

    edit('result.json', /"digest": "\w+"/, '"digest": "0123456789abcdef"');
    expect(await replay()).toMatchObject({ code: 3, err: expect.stringContaining('nondeterm') });
    edit('plan.json', /"streamSeed": "12"/, '"streamSeed": "13"');
    expect(await replay()).toMatchObject({ code: 0, err: '' });
    writeFileSync(join(run, 'result.json'), '{"digest": ');
    const broken = await replay();
    expect(broken).toMatchObject({ code: 64, out: '' });
    expect(broken.err).toMatch(/result\.json: expected JSON/);
  });

  test('as much of the trace as is asked for; the run is the same', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const run = join(cwd, '.faultlab', 'kv', 'chaos', '5');
    const digests: unknown[] = [];
    const kinds: string[][] = [];
    for (const level of ['full', 'summary', 'off']) {
      const outcome = await faultlab(`run kv/chaos --seed 5 --json --trace ${level}`, { cwd });
      digests.push(jsonLines(outcome)[0]?.['digest']);
      const file = join(run, 'trace.ndjson');
      if (!existsSync(file)) continue;
      const { header, records } = parseTrace(readFileSync(file, 'utf8'), file);
      expect(header.level).toBe(level);
      kinds.push([...new Set(records.map(({ kind }) => kind))]);
    }

    expect(new Set(digests).size).toBe(1);
    // Off leaves none behind, not even that of the run before.
    expect(kinds).toHaveLength(2);
    expect(kinds[0]).toEqual(expect.arrayContaining(['message', 'save', 'invocation']));
    expect(kinds[1]).toContain('invocation');
    expect(kinds[1]).not.toContain('message');
  });

  test('a stored failure fails again, with the code it was found with', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    await faultlab('run lock/nested --specimen LK7', { cwd });
    const { code, out } = await faultlab('replay .faultlab/lock/nested/1 --until 0', { cwd });

    expect(code).toBe(1);
    expect(out).toMatch(/VIOLATION {2}lock\/nested {2}seed 1 {2}the run comes to an end/);
  });
});

describe.concurrent('replay', () => {
  test('prints the trace, its parts, and the causes of an event', async () => {
    const all = await faultlab('replay kv/reliable-put');
    const part = await faultlab('replay kv/reliable-put --node server --from 1 --until 4');
    const why = await faultlab('replay kv/reliable-put --why 9');

    expect(all.out).toMatch(/^kv\/reliable-put {2}seed 1 /);
    expect(all.out).toMatch(/\| <- c0 put #0 key=k/);
    expect(part.out.split('\n').length).toBeLessThan(all.out.split('\n').length);
    const numbers = [...why.out.matchAll(/^ +(\d+) +\d+\.\d{3} /gm)].map(([, n]) => Number(n));
    expect(numbers.at(-1)).toBe(9);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test('fits its page: columns where there is room, and the nodes at the end', async () => {
    const cwd = mkdtempSync(join(folder, 'home-'));
    const cut = { id: 'cut', kind: 'partition', atMs: 100, groups: [['server'], ['c0', 'c1']] };
    writeFileSync(join(cwd, 'faults.json'), JSON.stringify([cut]));
    const page = async (width: string): Promise<string[]> => {
      const env = { COLUMNS: width };
      const line = 'replay kv/chaos --faults faults.json --set clients=5 --until 500';
      const { out } = await faultlab(line, { cwd, env });
      const lines = out.split('\n');
      return lines.slice(
        1,
        lines.findIndex((line) => line.startsWith('pass')),
      );
    };
    const [narrow, wide] = await Promise.all([page('80'), page('160')]);

    expect(narrow[0]).toMatch(/^event +ms +node +what$/);
    expect(wide[0]).toMatch(/^event +ms +c0 +c1 +c2 +c3 +c4 +server$/);
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(80);
    for (const line of wide) expect(line.length).toBeLessThanOrEqual(160);
    for (const lines of [narrow, wide]) {
      const text = lines.join('\n');
      expect(text).toMatch(/-- cut: partition server \| c0 c1 -+$/m);
      expect(text).toMatch(/The nodes at 500\.000 ms\n {2}fault in force: cut: partition/);
      expect(text).toMatch(/^ {2}server +up, life 1\n +files kv\/k\d/m);
    }
  });

  test('shows topics, nodes and single events', async () => {
    const run = (rest: string): Promise<string> =>
      faultlab(`replay kv/reliable-put ${rest}`).then(({ out }) => out);
    const [topic, nodes, event] = await Promise.all([
      run('--topic client,disk'),
      run('--node server --node c0 --lines'),
      run('--event 4..5'),
    ]);

    expect(topic).toContain('disk kv/k');
    expect(topic).not.toContain('->');
    expect(nodes).toMatch(/server#1 +<- c0 put #0/);
    expect(event).toMatch(/caused by event 2\n +{"key":"k","value":"6.5840","version":0}/);
    expect(event).not.toContain('get #1');
  });

  test('as JSON: one line an event', async () => {
    const records = jsonLines(await faultlab('replay kv/reliable-put --all --json'));

    expect(records.length).toBeGreaterThan(14);
    for (const record of records) {
      expect(record).toMatchObject({
        event: expect.any(Number),
        cause: expect.any(Number),
        timeUs: expect.any(Number),
        kind: expect.any(String),
      });
    }
  });
});

describe.concurrent('sweep', () => {
  test('as JSON: a line a seed, then the summary', async () => {
    const outcome = await faultlab('sweep kv/chaos --seeds v1/3..7 --json');
    const lines = jsonLines(outcome);
    const { summary } = lines.at(-1) as { summary: Json };

    expect(outcome.code).toBe(0);
    expect(lines.slice(0, -1).map((line) => line['seed'])).toEqual(
      [3, 4, 5, 6, 7].map((n) => `v1/${n}`),
    );
    expect(summary).toMatchObject({
      format: 1,
      scenario: 'kv/chaos',
      seeds: 5,
      verdict: 'pass',
      failures: 0,
      exitCode: 0,
      isInterrupted: false,
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test('as text: the activity, the probes, and what fails by its kind', async () => {
    const { code, out } = await faultlab(
      'sweep lock/many-clients-reliable --specimen LK5 --count 3',
    );

    expect(code).toBe(1);
    expect(out).toMatch(/3 seeds, 3 not as expected/);
    expect(out).toMatch(/median: \d+ operations/);
    expect(out).toMatch(/probes: 1 of 1 hit/);
    expect(out).toMatch(/of 3 seeds fail like this/);
    expect(out).toContain('.faultlab/lock/many-clients-reliable/');
  });

  test('two scenarios, one after the other; the worst decides', async () => {
    const { code, out } = await faultlab(
      'sweep kv/reliable-put lock/nested --specimen LK7 --count 2',
    );

    expect(code).toBe(1);
    expect(out).toMatch(/^pass {2}kv\/reliable-put[^]*^VIOLATION {2}lock\/nested/m);
  });

  test('a sweep in which what was to happen never did is vacuous: exit 2', async () => {
    const { code, out } = await faultlab(
      'sweep kv/unreliable-net --profile lab-reliable --count 3',
    );

    expect(code).toBe(2);
    expect(out).toMatch(/^vacuous/);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      '"a put answered ErrMaybe" never, expected within 2 seeds',
    );
  });

  test('for a time: as many seeds as fit', async () => {
    const { code, out } = await faultlab('sweep lock/basic --duration 200ms');

    expect(code).toBe(0);
    expect(Number(/(\d+) seeds?/.exec(out)?.[1])).toBeGreaterThan(0);
  });

  test('what measures memory runs once', async () => {
    // The heap moves by some 10 kB for reasons of its own: too much for each of 50 clerks.
    const { out } = await faultlab('sweep kv/memory-many-clerks --set clerks=500 --count 9');

    expect(out).toMatch(/1 seed;/);
  });
});

describe.concurrent('verify', () => {
  // Those of a lab are alike in what they run on: every tenth of them.
  const scenarios = packs.flatMap((pack) => pack.scenarios.filter((_, i) => i % 10 === 0));
  const names = scenarios.map(({ name }) => name).filter((name) => !name.endsWith('-2025'));
  const small: Record<string, string> = {
    'kv/memory-many-clerks': ' --set clerks=500',
    'kv/put-concurrent-reliable': ' --set forMs=100',
    'raft/hour': ' --set minutes=1',
  };

  test.each(names)('%s: the same in a worker, after another seed, on this thread', async (name) => {
    const outcome = await faultlab(`verify ${name}${small[name] ?? ''} --seed 5 --json`);
    const [line] = jsonLines(outcome);
    const digests = line?.['digests'] as { way: string; digest: string }[];

    expect(outcome.code).toBe(0);
    expect(line).toMatchObject({ format: 1, scenario: name, seed: '5', verdict: 'pass' });
    const ways = digests.map(({ way }) => way).join('; ');
    expect(ways).toMatch(/worker.*after another seed.*without a trace.*main thread/);
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(1);
  });

  test('of user code, too', async () => {
    const { code, out } = await faultlab(`verify ${EXAMPLES}counter.scenario.ts`);

    expect(code).toBe(0);
    expect(out).toMatch(/^pass {2}counter\/exactly-once/);
  });
});

describe.concurrent('specimens', () => {
  const ids = packs.flatMap((pack) => pack.specimens.map(({ id }) => id));

  test('list', async () => {
    const text = await faultlab('specimens list');
    const rows = jsonLines(await faultlab('specimens list --json'));

    for (const id of ids) expect(text.out).toMatch(new RegExp(`^${id} `, 'm'));
    expect(rows.map((row) => row['specimen'])).toEqual(ids);
  });

  test('show: what it breaks, what one learns, and where to see it', async () => {
    const { code, out } = await faultlab('specimens show kv7');
    const [row] = jsonLines(await faultlab('specimens show KV7 --json'));

    expect(code).toBe(0);
    expect(out).toMatch(/^KV7 {2}/);
    expect(out).toContain('try: npx faultlab sweep kv/chaos --specimen KV7');
    expect(row).toMatchObject({ lab: 2, seam: 'contract', scenarios: expect.any(Array) });
  });
});
