import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Program, type WorldOptions } from '../index.ts';

const immediate = setImmediate;
const realRandom = Math.random;

const TIMER = 'env.sleep or env.setTimer';
const RANDOM = 'env.random';
const CLOCK = 'env.now()';
const STRONG = 'a strong reference that you let go of';
const CODE_UNITS = 'a comparison of code units';
const PLAIN = 'String() or a format of your own';
const UTC = 'its form in UTC (getUTCHours, toISOString, Date.UTC)';

/** What node code may not touch: its name in the message, what to use instead, and the deed. */
const offences: [touched: string, instead: string, touch: () => unknown][] = [
  ['Math.random()', RANDOM, () => Math.random()],
  ['performance.now()', CLOCK, () => performance.now()],
  ['crypto.getRandomValues()', RANDOM, () => crypto.getRandomValues(new Uint8Array(1))],
  ['crypto.randomUUID()', 'env.random.token()', () => crypto.randomUUID()],
  ['setTimeout()', TIMER, () => setTimeout(() => {}, 1)],
  ['setInterval()', TIMER, () => setInterval(() => {}, 1)],
  ['setImmediate()', TIMER, () => setImmediate(() => {})],
  ['fetch()', 'env.call', () => fetch('http://localhost')],
  ['MessageChannel()', 'env.channel', () => new MessageChannel()],
  ['process.nextTick()', 'env.spawn', () => process.nextTick(() => {})],
  ['process.hrtime()', CLOCK, () => process.hrtime()],
  ['process.hrtime.bigint()', CLOCK, () => process.hrtime.bigint()],
  ['Date.now()', CLOCK, () => Date.now()],
  ['new Date()', CLOCK, () => new Date()],
  ['Date()', CLOCK, () => Date()],
  ['WeakRef()', STRONG, () => new WeakRef({})],
  ['FinalizationRegistry()', STRONG, () => new FinalizationRegistry(() => {})],
  ['String.prototype.localeCompare()', CODE_UNITS, () => 'a'.localeCompare('b')],
  ['Number.prototype.toLocaleString()', PLAIN, () => (1).toLocaleString()],
  ['Date.prototype.toLocaleString()', PLAIN, () => new Date(0).toLocaleString()],
  ['Intl.Collator()', CODE_UNITS, () => new Intl.Collator()],
  ['Intl.DateTimeFormat()', PLAIN, () => new Intl.DateTimeFormat()],
  ['Intl.NumberFormat()', PLAIN, () => new Intl.NumberFormat()],
  ['Intl.PluralRules()', PLAIN, () => new Intl.PluralRules()],
  ['Intl.ListFormat()', PLAIN, () => new Intl.ListFormat()],
  ['Array.prototype.toLocaleString()', PLAIN, () => [1].toLocaleString()],
  ['BigInt.prototype.toLocaleString()', PLAIN, () => 1n.toLocaleString()],
  ['String.prototype.toLocaleUpperCase()', 'toUpperCase', () => 'i'.toLocaleUpperCase()],
  ['String.prototype.toLocaleLowerCase()', 'toLowerCase', () => 'I'.toLocaleLowerCase()],
  ['Date.prototype.toLocaleDateString()', PLAIN, () => new Date(0).toLocaleDateString()],
  ['Date.prototype.toLocaleTimeString()', PLAIN, () => new Date(0).toLocaleTimeString()],
  ['Date.prototype.getHours()', UTC, () => new Date(0).getHours()],
  ['Date.prototype.getTimezoneOffset()', UTC, () => new Date(0).getTimezoneOffset()],
  ['Date.prototype.toString()', UTC, () => String(new Date(0))],
  ['new Date(year, month)', UTC, () => new Date(2026, 1)],
  ['AbortSignal.timeout()', TIMER, () => AbortSignal.timeout(1)],
  ['process.uptime()', CLOCK, () => process.uptime()],
  ['process.cpuUsage()', CLOCK, () => process.cpuUsage()],
];

/** The guarded globals as they are now, and whether they sit where they did. */
function globals(): unknown[] {
  const holders: [object, readonly string[]][] = [
    [Math, ['random']],
    [performance, ['now']],
    [crypto, ['getRandomValues', 'randomUUID']],
    [globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'MessageChannel', 'Date']],
    [globalThis, ['WeakRef', 'FinalizationRegistry']],
    [process, ['nextTick', 'hrtime', 'uptime', 'cpuUsage']],
    [AbortSignal, ['timeout']],
    [process.hrtime, ['bigint']],
    [Date, ['now']],
    [String.prototype, ['localeCompare']],
    [Number.prototype, ['toLocaleString']],
    [Date.prototype, ['toLocaleString', 'getHours', 'toString']],
    [Intl, ['Collator', 'DateTimeFormat', 'NumberFormat', 'PluralRules']],
  ];
  return holders.flatMap(([holder, names]) =>
    names.flatMap((name) => [Reflect.get(holder, name) as unknown, Object.hasOwn(holder, name)]),
  );
}

const isSame = (now: unknown[], before: unknown[]): boolean =>
  now.length === before.length && now.every((value, i) => Object.is(value, before[i]));

function makeWorld(program: Program, options: Partial<WorldOptions> = {}): World {
  const world = new World(1, { host: nodeHost(), ...options });
  world.addNode('n', program);
  return world;
}

describe('node code that reaches for the host', () => {
  test.each(offences)('is told so by name and line: %s', async (touched, instead, touch) => {
    const before = globals();
    let wentOn = false;
    const world = makeWorld(async (env) => {
      await env.sleep(2);
      touch();
      wentOn = true;
    });
    await world.run();
    expect(world.failure).toMatchObject({
      kind: 'crash',
      rule: 'leak',
      message:
        `node n#1 used ${touched} at 0.002000 s, which differs from run to run; ` +
        `use ${instead} instead`,
      node: 'n',
      incarnation: 1,
      timeUs: 2000,
    });
    expect(world.failure?.stack).toMatch(/guard\.test\.ts:\d+/);
    expect(wentOn).toBe(false);
    expect(isSame(globals(), before)).toBe(true);
  });

  test.each(offences)('fails the run even if it catches the error: %s', async (_a, _b, touch) => {
    const world = makeWorld(() => {
      try {
        touch();
      } catch {
        // Whatever it does now: the run is spoilt.
      }
    });
    await world.run();
    expect(world.failure?.rule).toBe('leak');
  });

  test('is left alone where there are no guards', async () => {
    const seen: unknown[] = [];
    const program: Program = () => void seen.push(typeof Math.random(), typeof Date.now());
    const world = makeWorld(program, { guards: false });
    await world.run();
    expect([world.failure, seen]).toEqual([undefined, ['number', 'number']]);
  });
});

describe('what node code may do with dates', () => {
  test('is to compute with given times', async () => {
    const seen: unknown[] = [];
    const world = makeWorld(() => {
      const date = new Date(0);
      seen.push(date.toISOString(), date instanceof Date, Date.UTC(2026, 0, 1));
      seen.push(Date.parse('1970-01-01T00:00:01Z'), new Date(2 ** 40).getTime());
      class Stamp extends Date {}
      seen.push(new Stamp(5).getTime());
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(seen).toEqual(['1970-01-01T00:00:00.000Z', true, 1767225600000, 1000, 2 ** 40, 5]);
  });
});

describe('printing', () => {
  test('is allowed, whatever the console of the host does to print', async () => {
    const printed: unknown[] = [];
    const real = console.log;
    console.log = (...what: unknown[]) => void printed.push(...what, typeof Date.now());
    try {
      const before = globals();
      let isGuarded = false;
      const world = makeWorld(() => {
        const { log } = console;
        log('by a node');
        isGuarded = Math.random !== realRandom;
        immediate(() => log('by the host'));
      });
      await world.run();
      await new Promise((resolve) => immediate(resolve));
      expect([world.failure, isGuarded]).toEqual([undefined, true]);
      expect(printed).toEqual(['by a node', 'number', 'by the host', 'number']);
      expect(isSame(globals(), before)).toBe(true);
    } finally {
      console.log = real;
    }
  });

  test('works on the console and the streams of the host', async () => {
    const { Console } = await import('node:console');
    const { Writable } = await import('node:stream');
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const [real, { log }] = [console.log, new Console(stream)];
    console.log = log;
    try {
      const world = makeWorld((env) => {
        for (let i = 0; i < 3; i++) console.log('at', env.now(), { i });
      });
      await world.run();
      expect(world.failure).toBeUndefined();
      expect(lines).toEqual([0, 1, 2].map((i) => `at 0 { i: ${i} }\n`));
    } finally {
      console.log = real;
    }
  });
});

describe('the globals', () => {
  test('are themselves again while the host has its turn, and after the run', async () => {
    const before = globals();
    const duringYields: boolean[] = [];
    const host = nodeHost();
    const world = new World(1, {
      host: {
        ...host,
        yield: (next) =>
          host.yield(() => {
            duringYields.push(isSame(globals(), before));
            next();
          }),
      },
    });
    let isGuarded = false;
    world.addNode('n', async (env) => {
      isGuarded = Math.random !== realRandom;
      for (let i = 0; i < 20_000; i++) await env.sleep(1);
    });
    await world.run();
    expect(isGuarded).toBe(true);
    expect(duringYields.length).toBeGreaterThan(2);
    expect(duringYields.every(Boolean)).toBe(true);
    expect(isSame(globals(), before)).toBe(true);
  });

  test('are themselves again after an error of the world itself', async () => {
    const before = globals();
    const world = makeWorld(() => {});
    world.kernel.schedule('action', undefined, 5, () => {
      throw new Error('an error of the world');
    });
    await expect(world.run()).rejects.toThrow('an error of the world');
    expect(isSame(globals(), before)).toBe(true);
  });

  test('serve others while a run goes on', async () => {
    const world = makeWorld(async (env) => {
      for (let i = 0; i < 30_000; i++) await env.sleep(1);
    });
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (Number.isNaN(Date.now() + Math.random() + new Date().getTime())) turns = -1;
      if (!isOver) immediate(turn);
    };
    immediate(turn);
    await world.run();
    isOver = true;
    expect(turns).toBeGreaterThan(2);
    expect(world.failure).toBeUndefined();
  });
});
