import { stripVTControlCharacters } from 'node:util';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../define/plan.ts';
import { kvChaos } from '../../lab2-kv/kv-chaos.ts';
import { makePlan } from '../../runner/make-plan.ts';
import { steppedRun } from '../../testing/stepped-run.ts';
import { widthOf } from '../text-fold.ts';
import { matches } from '../trace-filter.ts';
import { helpLines, obeyLine } from './step-command.ts';
import { Stepper, type SteppedRun } from './stepper.ts';

let run: SteppedRun;
beforeAll(async () => {
  run = await steppedRun(kvChaos, makePlan(kvChaos, '1'));
});

const saved = new Map<string, Plan>();
let stepper: Stepper;
beforeEach(() => {
  stepper = new Stepper(run, {
    width: 80,
    isShown: (record) => matches(record, {}),
    rerun: (plan, name) => steppedRun(kvChaos, plan, name),
    save: (file, plan) => saved.set(file, plan),
  });
});

/** What the last of these lines is answered with. */
async function tell(...lines: readonly string[]): Promise<string> {
  let told: readonly string[] = [];
  for (const line of lines) told = (await obeyLine(stepper, line)) ?? ['(the end)'];
  return told.map(stripVTControlCharacters).join('\n');
}

/** The same on one line. */
const tellFlat = async (...lines: readonly string[]): Promise<string> =>
  (await tell(...lines)).replace(/\s+/g, ' ');

describe('stepping', () => {
  test('goes on, back and to places; an empty line goes on', async () => {
    expect(await tell('')).toContain('begins get key=k1');
    expect(stepper.prompt).toBe(`1/${run.result.events}> `);
    const there = await tell('next 7', 'list');
    expect(await tell('next', 'back', 'list')).toBe(there);
    await tell('goto 3');
    expect(stepper.prompt).toContain('3/');
    await tell('goto end');
    expect(stepper.prompt).toBe(`${run.result.events}/${run.result.events}> `);
    expect(await tell('n')).toBe('This is the end of the run.');
    expect(await tell('goto start', 'b')).toBe('This is the beginning of the run.');
  });

  test('goes to the last event at or before a moment', async () => {
    await tell('goto 0.65ms');
    const [event] = run.trace.of(Number(stepper.prompt.split('/')[0]));
    expect(event?.timeUs).toBeLessThanOrEqual(650);
    const [next] = run.trace.of((event?.event ?? 0) + 1);
    expect(next?.timeUs).toBeGreaterThan(650);
    expect(await tell('goto 1h').catch(String)).toContain('expected an event');
  });

  test('there and back again is the same place, wherever one starts', async () => {
    for (const place of [1, 20, 100, 400]) {
      await tell(`goto ${place}`, 'next');
      const { prompt } = stepper;
      await tell('next 5', 'back 5');
      expect(stepper.prompt).toBe(prompt);
    }
  });

  test('many events at once show the last ones', async () => {
    const told = (await tell('next 300')).split('\n');
    expect(told[0]).toContain('... 280 events, and then:');
    expect(told.length).toBeLessThan(100);
  });
});

describe('breakpoints', () => {
  test.each([
    ['message put.reply', /put\.reply #0/],
    ['node c4', /c4#1 +start/],
    ['topic fault', /partition c3/],
    ['event 18', /^ +18 +4\.786/m],
    ['18', /^ +18 +4\.786/m],
  ])('stop at %s', async (where, shown) => {
    const told = await tell(`break ${where}`, 'continue');
    expect(told).toMatch(shown);
    expect(told).toContain('stopped by: break');
  });

  test('each is met in its turn, and no more once it is deleted', async () => {
    await tell('break 5', 'break 9', 'c');
    expect(await tell('c')).toContain('break 9');
    expect(await tell('goto start', 'delete 1')).toBe('1: break 9');
    expect(await tell('c')).toContain('break 9');
    expect(await tell('c')).toContain('the end of the run');
  });

  test.each([
    ['continue', 'no breakpoints'],
    ['break node nobody', 'no node "nobody"; there are c0, c1'],
    ['break message nothing', 'no message type "nothing"; there are get, get.reply'],
    ['break topic love', 'no topic "love"'],
    ['break 999999', 'no event 999999; the last one is'],
    ['break soon', 'break EVENT'],
    ['break node c1 c2', 'break EVENT'],
    ['delete 4', 'no breakpoint 4'],
    ['delete x', 'expected a number'],
    ['next 0', 'expected a number'],
    ['goto 999999', 'no event 999999'],
    ['goto failure', 'nothing failed'],
    ['why 999999', 'no event'],
    ['state nobody', 'no node "nobody"'],
    ['take', 'there is no fork'],
    ['save', 'expected the name of a file'],
    ['s7', 'no command "s7"; there are next'],
    ['de', 'several commands begin with "de"'],
    ['fork', 'expected fork drop'],
    ['fork delay', 'expected a time'],
    ['fork delay 0ms', 'expected a time'],
  ])('%s is told to be wrong', async (line, why) => {
    await expect(tell(line)).rejects.toThrow(why);
  });
});

describe('the state of the nodes', () => {
  test('marks what the last step changed, and what is no more', async () => {
    const told = await tell('goto 12', 'back', 'next', 'state c0');
    expect(told).toMatch(/^-   in get key=k2/m);
    expect(told).toMatch(/^ {4}up, life 1$/m);
    expect(await tell('goto 9', 'n', 's')).toMatch(/^\* {3}files kv\/k0$/m);
  });

  test('a step back marks the same things', async () => {
    expect(await tell('goto 12', 'back', 'state c0')).toMatch(/^\* {3}in get key=k2/m);
  });
});

describe('a fork', () => {
  test('drops a message, compares, and can be gone on with and kept', async () => {
    const told = await tellFlat('goto 10', 'fork drop 2');
    expect(told).toContain('with put.reply #0 of server to c2 dropped');
    expect(told).toContain('B also: -x c2 put.reply #0 LOST');
    await tell('save a.json');
    expect(saved.get('a.json')?.overrides).toEqual([
      { link: 'server>c2', type: 'put.reply', n: 0, fate: 'drop' },
    ]);
    expect(await tell('take')).toContain('-x c2 put.reply #0 LOST');
    expect(await tellFlat('fork deliver 2')).toContain('A also: -x c2 put.reply #0 LOST');
  });

  test('delays a message by as much as is said', async () => {
    const told = await tellFlat('goto 13', 'fork delay 7.5ms');
    expect(told).toContain('7.500 ms later in B: c2 <- server put.reply #0');
  });

  test('asks which message where there are several', async () => {
    await expect(tell('goto 10', 'fork drop')).rejects.toThrow(/which one\?.*\n +1: server <- c2/);
    await expect(tell('goto end', 'fork drop 1')).rejects.toThrow('no message from here on');
  });

  test('without a message in the event takes the next one', async () => {
    expect(await tell('goto 2', 'fork drop')).toContain('Event 3, with put #0 of c2 to server');
  });
});

test('no line is wider than the page', async () => {
  for (const line of ['next 30', 'why', 'details', 'state', 'fork drop 1', 'goto 500', 'why all']) {
    expect((await tell(line)).split('\n').filter((told) => widthOf(told) > 80)).toEqual([]);
  }
  expect(helpLines().filter((told) => told.length > 80)).toEqual([]);
});

test('a command may be told by its beginning, and quit ends it', async () => {
  expect(await tell('hel')).toContain('quit');
  expect(await tell('q')).toBe('(the end)');
});
