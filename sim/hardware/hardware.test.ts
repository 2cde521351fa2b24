/** What hardware does to nodes: whatever they do takes its time, one thing after the other. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  bulk,
  diskProfiles,
  World,
  type Env,
  type FaultAction,
  type HardwareProfile,
} from '../index.ts';
import { transferUs } from './service-queue.ts';

/** Steps are free; the disk does 10 bytes a ms and 1 ms an access, the network card 10 bytes. */
const tiny: HardwareProfile = {
  name: 'tiny',
  description: 'small enough to count on fingers',
  cores: 1,
  stepUs: 0,
  diskBytesPerMs: 10,
  diskAccessUs: 1000,
  nicOutBytesPerMs: 10,
  nicInBytesPerMs: 10,
};

type Say = (what: string) => void;
type Programs = Readonly<Record<string, (env: Env, say: Say) => void | Promise<void>>>;

interface Setting {
  readonly hardware?: HardwareProfile;
  readonly only?: readonly string[];
  readonly faults?: readonly FaultAction[];
  readonly profile?: string;
  readonly disk?: string;
}

/** Run nodes; what they say is told with the time. */
async function tell(programs: Programs, setting: Setting = {}): Promise<string[]> {
  const { hardware = tiny, faults = [], profile = 'steady', disk = 'perfect', only } = setting;
  const plan = { profile, faults, disk };
  const world = new World('hardware', { host: nodeHost(), plan, isStrict: true });
  const said: string[] = [];
  for (const [id, program] of Object.entries(programs)) {
    const own = only?.includes(id) === false ? {} : { hardware };
    world.addNode(
      id,
      (env) => program(env, (what) => void said.push(`${what} ${world.now()}`)),
      own,
    );
  }
  await world.run({ untilMs: 10_000 });
  expect(world.failure).toBeUndefined();
  return said;
}

const crash: FaultAction = { id: 'c', kind: 'crash', node: 'n', atMs: 5, untilMs: 7 };
const pause: FaultAction = { id: 'p', kind: 'pause', node: 'n', atMs: 5, untilMs: 50 };
const times = (text: string, n: number): string => text.repeat(n);

describe('the CPU', () => {
  const four = (env: Env, say: Say): void => {
    for (const i of [1, 2, 3, 4]) env.work(10, () => say(`${i}`));
  };

  test('does one thing after the other, as many at a time as it has cores', async () => {
    expect(await tell({ n: four })).toEqual(['1 10', '2 20', '3 30', '4 40']);
    const two = { hardware: { ...tiny, cores: 2 } };
    expect(await tell({ n: four }, two)).toEqual(['1 10', '2 10', '3 20', '4 20']);
  });

  test('has a core for everybody if it is ideal; work takes its time all the same', async () => {
    const said = await tell({ n: four }, { only: [] });
    expect(said).toEqual(['1 10', '2 10', '3 10', '4 10']);
  });

  test('keeps steps waiting while all its cores are busy, and what they send', async () => {
    const programs: Programs = {
      n(env, say) {
        env.receive({ m: () => (say('taken'), env.send('o', 'm', 1)) });
        env.work(10, () => say('done'));
      },
      o(env, say) {
        env.receive({ m: () => say('answered') });
        env.setTimer(2, () => env.send('n', 'm', 1));
      },
    };
    const setting = { hardware: { ...tiny, stepUs: 1000 }, only: ['n'] };
    // A step of a ms, ten of work, and the step that follows on the same core.
    const said = ['done 11', 'taken 12', 'answered 13.7'];
    expect(await tell(programs, setting)).toEqual(said);
    const two = { ...setting, hardware: { ...setting.hardware, cores: 2 } };
    expect(await tell(programs, two)).toEqual(['taken 2.7', 'answered 4.4', 'done 11']);
  });

  test('begins a piece of work behind the steps that came before it was asked for', async () => {
    const program = (env: Env, say: Say): void => {
      env.setTimer(1, () => env.work(10, () => say('first work')));
      env.setTimer(2, () => env.work(10, () => say('second work')));
      for (const i of [3, 4]) env.setTimer(i, () => say(`step ${i}`));
    };
    expect(await tell({ n: program })).toEqual([
      ...['first work 11', 'step 3 11', 'step 4 11', 'second work 21'],
    ]);
  });

  test('works on while its node is paused; the node hears of it later', async () => {
    const program = (env: Env, say: Say): void => {
      env.work(10, () => say('a'));
      env.work(30, () => env.work(20, () => say('b')));
      env.setTimer(1, () => env.work(5, () => say('c')));
    };
    // The step at 1 comes at 40, behind it b, then c.
    expect(await tell({ n: program })).toEqual(['a 10', 'b 60', 'c 65']);
    // All that was asked for is done at 40; the node asks for c and b at 50.
    expect(await tell({ n: program }, { faults: [pause] })).toEqual(['a 50', 'c 55', 'b 75']);
  });

  test('does in a pause what waits behind steps that cannot run', async () => {
    const program = (env: Env, say: Say): void => {
      env.setTimer(1, () => {});
      env.setTimer(2, () => env.work(3, () => say('work')));
      env.setTimer(3, () => say('step'));
    };
    // Steps of 5 ms at 6 and 11; the last one would be at 16, and then the work.
    const setting = { hardware: { ...tiny, stepUs: 5000 } };
    expect(await tell({ n: program }, setting)).toEqual(['step 16', 'work 24']);
    const faults: FaultAction[] = [{ ...pause, atMs: 12 }];
    expect(await tell({ n: program }, { ...setting, faults })).toEqual(['step 50', 'work 55']);
  });

  test('forgets what it had to do when its node crashes', async () => {
    const program = (env: Env, say: Say): void => {
      env.work(10, () => say(`life ${env.incarnation}`));
    };
    expect(await tell({ n: program }, { faults: [crash] })).toEqual(['life 2 17']);
  });

  test('is no clock: one that runs at half its speed changes nothing', async () => {
    const program = (env: Env, say: Say): void => env.work(10, () => say('done'));
    const faults: FaultAction[] = [
      { id: 'f', kind: 'clock', atMs: 0, node: 'n', driftPpm: -500_000 },
    ];
    expect(await tell({ n: program }, { faults })).toEqual(['done 10']);
  });
});

describe('a save', () => {
  const saving: Programs = {
    n(env, say) {
      env.receive({ m: () => say('taken') });
      env.setTimer(1, () => {
        env.send('o', 'm', 'before');
        env.disk.save('f', times('x', 40));
        say(`clock ${env.now()}, true time`);
        env.send('o', 'm', 'after');
        env.setTimer(1, () => say('timer'));
        env.spawn('task', () => say('task'));
      });
    },
    o(env, say) {
      env.receive({ m: (what: string) => say(what) });
      env.setTimer(2, () => env.send('n', 'm', 1));
    },
  };

  test('makes its step last until it is written: what the step does next comes after', async () => {
    const hardware = { ...tiny, nicOutBytesPerMs: 1000, nicInBytesPerMs: 1000 };
    expect(await tell(saving, { hardware, only: ['n'] })).toEqual([
      ...['clock 6, true time 1', 'before 1.508', 'taken 6', 'task 6', 'after 6.507', 'timer 7'],
    ]);
  });

  test('in async code, too, and two in one step one after the other', async () => {
    const program = async (env: Env, say: Say): Promise<void> => {
      await env.sleep(1);
      env.disk.save('f', times('x', 40));
      env.disk.save('g', times('x', 40));
      await env.sleep(1);
      say('slept');
    };
    expect(await tell({ n: program })).toEqual(['slept 12']);
  });

  test('leaves the CPU to work that is there meanwhile', async () => {
    const program = (env: Env, say: Say): void => {
      env.work(3, () => say('a'));
      env.work(4, () => say('b'));
      env.disk.save('f', times('x', 90));
    };
    // Done at 3 and at 7, and told when the node moves again.
    expect(await tell({ n: program })).toEqual(['a 10', 'b 10']);
  });

  test('lets work pass that waits behind steps', async () => {
    const program = (env: Env, say: Say): void => {
      env.work(5, () => say('first'));
      env.setTimer(1, () => env.work(2, () => say('work')));
      env.setTimer(2, () => env.disk.save('f', times('x', 90)));
      env.setTimer(3, () => say('step'));
    };
    // The step comes before the work, but cannot run before 15: the work need not wait for it.
    expect(await tell({ n: program })).toEqual(['first 5', 'step 15', 'work 15']);
  });
});

describe('faults that meet a save', () => {
  const saves = (env: Env, say: Say): void => {
    env.receive({ m: () => say('taken') });
    // 19 ms for the bytes, one for the access.
    env.disk.save('f', times('x', 190));
    say('saved');
  };
  const knocks = (env: Env): void => void env.setTimer(6, () => env.send('n', 'm', 1));

  test('a pause that is over before does not end it', async () => {
    const faults = [{ ...pause, untilMs: 10 }];
    const said = await tell({ n: saves, o: knocks }, { only: ['n'], faults });
    expect(said).toEqual(['saved 0', 'taken 20']);
  });

  test('work that would not be done before it ends is behind steps that were there', async () => {
    const faults = [{ ...pause, atMs: 0.1, untilMs: 10 }];
    const programs: Programs = {
      n(env, say) {
        env.receive({
          m: (i: number) => {
            if (i === 2) return say('second');
            for (const piece of 'abc') env.work(15, () => say(piece));
            return env.disk.save('f', times('x', 190));
          },
        });
      },
      o: (env) => [1, 2].forEach((i) => env.send('n', 'm', i)),
    };
    // Two of them begin before the end of the save, at 30 ms; c comes after what was there. That a
    // is done, at 25 ms, can be told behind them all.
    const said = await tell(programs, { only: ['n'], faults });
    expect(said).toEqual(['b 40', 'second 40', 'c 55', 'a 55']);
  });

  test('a node that is slow is so on real hardware, too: its CPU has time for work', async () => {
    const slow: FaultAction = { id: 's', kind: 'slow', node: 'n', stepMs: [5, 5], atMs: 0 };
    const program = (env: Env, say: Say): void => {
      for (const i of [1, 2, 3]) env.setTimer(1, () => say(`${i}`));
    };
    expect(await tell({ n: program }, { faults: [slow] })).toEqual(['1 5', '2 10', '3 15']);
  });
});

describe('the disk', () => {
  test('writes a renamed file under its new name, and nothing under the old one', async () => {
    const said = await tell({
      n: async ({ disk }, say) => {
        disk.write('a', times('x', 90));
        disk.rename('a', 'b');
        await disk.fsync('a');
        say('a');
        await disk.fsync('b');
        say('b');
      },
    });
    expect(said).toEqual(['a 1.001', 'b 11.002']);
  });

  test('forgets at a crash what its node had not written, and nothing of others', async () => {
    const shared = { disk: 'shared', hardware: tiny };
    const world = new World('forget', { host: nodeHost(), plan: { disk: 'lossy' } });
    const took: number[] = [];
    world.addNode('n', ({ disk }) => disk.write('of n', times('x', 500)), shared);
    const other = async (env: Env): Promise<void> => {
      env.disk.write('of o', times('x', 190));
      await env.sleep(5);
      world.crash('n');
      for (const file of ['of o', 'of n']) {
        const from = world.now();
        await env.disk.fsync(file);
        took.push(Math.floor(world.now() - from));
      }
    };
    world.addNode('o', other, { ...shared, diskProfile: diskProfiles.get('lossy')! });
    await world.run();
    expect(world.failure).toBeUndefined();
    // Beside up to 2 ms of the profile: the bytes, and nothing but an access.
    expect(took[0]).toBeGreaterThanOrEqual(20);
    expect(took[1]).toBeLessThan(4);
  });

  test('writes what is new of a file with each fsync, behind what is queued', async () => {
    const program = (env: Env, say: Say): void => {
      const sync = (file: string): void => env.disk.flush(file, () => say(file));
      env.disk.write('a', times('x', 20));
      env.disk.append('a', times('x', 10));
      env.disk.write('b', times('x', 900));
      env.disk.write('b', times('x', 50));
      env.disk.write('c', times('x', 30));
      env.disk.rename('c', 'd');
      sync('a');
      sync('b');
      sync('d');
      sync('a');
      env.disk.move(70, () => say('moved'));
    };
    // 1 + 3, 1 + 5, 1 + 3, 1 + 0 and 1 + 7 ms; an fsync of a perfect disk takes a µs more.
    const said = ['a 4.001', 'b 10.001', 'd 14.001', 'a 15.001', 'moved 23'];
    expect(await tell({ n: program })).toEqual(said);
    expect(await tell({ n: program }, { only: [] })).toEqual([
      ...['moved 0', 'a 0.001', 'b 0.001', 'd 0.001', 'a 0.001'],
    ]);
  });

  test('does what it was asked for when its node crashes, and forgets the rest', async () => {
    const program = (env: Env, say: Say): void => {
      if (env.incarnation === 1) {
        env.disk.move(190, () => say('never'));
        env.disk.write('f', times('x', 50));
      } else env.disk.flush('f', () => say('life 2'));
    };
    expect(await tell({ n: program }, { faults: [crash] })).toEqual(['life 2 21.001']);
  });

  test('takes the time of its profile on top, and only the queue makes others wait', async () => {
    const program = async (env: Env, say: Say): Promise<void> => {
      await Promise.all([0, 1].map((i) => env.disk.fsync(`${i}`).then(() => say(''))));
    };
    const ideal = await tell({ n: program }, { disk: 'lossy', only: [] });
    const real = await tell({ n: program }, { disk: 'lossy' });
    const sum = (all: readonly string[]): number => all.reduce((s, at) => s + Number(at), 0);
    // The draws are the same.
    expect(sum(real) - sum(ideal)).toBeCloseTo(1 + 2, 6);
  });
});

test.each([
  [0, 1000, 0],
  [1, 1000, 1],
  [1, 500_000, 1],
  [1001, 1_000_000, 2],
  [1500, 1000, 1500],
])('%i bytes at %i a ms take %i µs, and never less than they need', (bytes, perMs, us) => {
  expect(transferUs(bytes, perMs)).toBe(us);
});

describe('the network card', () => {
  /** A text of so many bytes as a message. */
  const text = (bytes: number): string => times('x', bytes - 2);
  const receive = (env: Env, say: Say): void => env.receive({ m: (m: string) => say(m.slice(-1)) });
  const sender =
    (...messages: string[]) =>
    (env: Env): void => {
      for (const message of messages) env.send('o', 'm', message);
    };

  test('sends one message after the other, at its rate', async () => {
    const programs = { n: sender(`${text(9)}a`, `${text(19)}b`, `${text(29)}c`), o: receive };
    expect(await tell(programs, { only: ['n'] })).toEqual(['a 1.5', 'b 3.5', 'c 6.5']);
  });

  test('receives as it was sent, so that two of a speed take their time once', async () => {
    const programs = { n: sender(`${text(9)}a`, `${text(19)}b`), o: receive };
    expect(await tell(programs)).toEqual(['a 1.5', 'b 3.5']);
    const slow = { ...tiny, nicInBytesPerMs: 5 };
    // The first byte comes at 0.5 ms, and then five a ms.
    expect(await tell(programs, { hardware: slow })).toEqual(['a 2.5', 'b 6.5']);
  });

  test('receives from several what one could send: their sum, divided by its rate', async () => {
    const one = sender(`${text(99)}a`);
    const said = await tell({ n: one, p: one, q: one, o: receive });
    expect(said).toEqual(['a 10.5', 'a 20.5', 'a 30.5']);
  });

  test('forgets what has not left yet when its node crashes, and works on in a pause', async () => {
    const send = sender(`${text(39)}a`, `${text(39)}b`);
    const once = (env: Env): void => (env.incarnation === 1 ? send(env) : undefined);
    const programs = { n: once, o: receive };
    expect(await tell(programs, { only: ['n'] })).toEqual(['a 4.5', 'b 8.5']);
    expect(await tell(programs, { only: ['n'], faults: [crash] })).toEqual(['a 4.5']);
    expect(await tell(programs, { only: ['n'], faults: [pause] })).toEqual(['a 4.5', 'b 8.5']);
  });

  test('forgets what has not come in yet when its node crashes', async () => {
    const send = sender(`${text(39)}a`, `${text(39)}b`, `${text(39)}c`);
    const faults = [{ ...crash, node: 'o', untilMs: 5.5 }];
    const programs = { n: send, o: receive };
    // They are at the card at 0.5 ms and come in at 4.5, 8.5 and 12.5.
    expect(await tell(programs, { only: ['o'] })).toEqual(['a 4.5', 'b 8.5', 'c 12.5']);
    expect(await tell(programs, { only: ['o'], faults })).toEqual(['a 4.5']);
  });

  test('never sees what a node sends to itself', async () => {
    const program = (env: Env, say: Say): void => {
      receive(env, say);
      env.send('n', 'm', `${text(999)}a`);
    };
    expect(await tell({ n: program })).toEqual(['a 0.5']);
  });

  test('lets requests and replies queue up; a time-out begins when the call is made', async () => {
    const programs: Programs = {
      o: (env) => env.serve({ get: (n: number) => bulk(n, 10 * n - 2) }),
      async n(env, say) {
        env.disk.save('f', times('x', 20));
        const options = { timeoutMs: 6, bytes: 8 };
        for (const n of [2, 4]) {
          say(String(await env.call('o', 'get', n, options)));
        }
      },
    };
    // 3 ms of saving, then 1 + 0.5 + 2 + 0.5 ms; the reply to the second would take 6.
    for (const profile of ['steady', 'lab-steady']) {
      expect(await tell(programs, { profile })).toEqual(['2 7', 'undefined 13']);
    }
  });
});

describe('a machine that limps', () => {
  const busy: Programs = {
    n(env, say) {
      env.setTimer(1, () => {
        env.work(1, () => say('worked'));
        env.disk.move(10, () => say('moved'));
        env.send('o', 'm', times('x', 8));
      });
    },
    o: (env, say) => env.receive({ m: () => say('came') }),
  };
  const limp: FaultAction = { id: 'l', kind: 'limp', node: 'n', factor: 30, atMs: 0 };
  /** So that no step has to wait for a core. */
  const four = { ...tiny, cores: 4 };
  const sooner = (said: readonly string[]): string[] => said.toSorted();

  test('takes thirty times its time, in all its parts or in some', async () => {
    const only = ['n'];
    const run = async (...faults: FaultAction[]): Promise<string[]> =>
      sooner(await tell(busy, { only, faults, hardware: four }));
    expect(await run()).toEqual(['came 2.5', 'moved 3', 'worked 2']);
    expect(await run(limp)).toEqual(['came 31.5', 'moved 61', 'worked 31']);
    expect(await run({ ...limp, of: ['disk'] })).toEqual(['came 2.5', 'moved 61', 'worked 2']);
    expect(await run({ ...limp, of: ['cpu', 'nic'] })).toEqual([
      'came 31.5',
      'moved 3',
      'worked 31',
    ]);
  });

  test('limps as much as all its faults together, until they end', async () => {
    const twice: FaultAction = { ...limp, id: 'm', factor: 2, of: ['cpu'], untilMs: 50 };
    const faults: FaultAction[] = [{ ...limp, factor: 3, untilMs: 90 }, twice];
    const program = (env: Env, say: Say): void => {
      for (const at of [10, 60, 100]) {
        env.setTimer(at, () => {
          env.work(1, () => say('worked'));
          env.disk.move(0, () => say('moved'));
        });
      }
    };
    expect(await tell({ n: program }, { faults, hardware: four })).toEqual([
      ...['moved 13', 'worked 16', 'worked 63', 'moved 63', 'worked 101', 'moved 101'],
    ]);
  });

  test('goes on as slowly as those faults want that are left, whichever ends first', async () => {
    const limp = { kind: 'limp', node: 'n', of: ['cpu'] } as const;
    const faults: FaultAction[] = [
      { ...limp, id: 'l', atMs: 0, untilMs: 20, factor: 7 },
      { ...limp, id: 'm', atMs: 5, untilMs: 100, factor: 3 },
    ];
    const program = (env: Env, say: Say): void => {
      for (const at of [1, 30, 120]) env.setTimer(at, () => env.work(1, () => say('')));
    };
    expect(await tell({ n: program }, { faults })).toEqual([' 8', ' 33', ' 121']);
  });

  test('never takes longer than a million times, however many faults meet', async () => {
    const limp = { kind: 'limp', node: 'n', of: ['cpu'], atMs: 0, factor: 1000 } as const;
    const faults: FaultAction[] = [1, 2, 3, 4, 5].map((i) => ({ ...limp, id: `l${i}` }));
    const program = (env: Env, say: Say): void => env.work(0.005, () => say(''));
    expect(await tell({ n: program }, { faults })).toEqual([' 5000']);
  });

  test('limps through a crash, and its steps limp, too', async () => {
    const program = (env: Env, say: Say): void => env.work(0, () => say(`life ${env.incarnation}`));
    const setting = { hardware: { ...tiny, stepUs: 100 }, faults: [limp, crash] };
    expect(await tell({ n: program }, setting)).toEqual(['life 1 3', 'life 2 10']);
  });

  test('is none if its hardware is ideal: the entry is said to have found nothing', async () => {
    const world = new World('ideal', { host: nodeHost(), plan: { faults: [limp] } });
    world.addNode('n', (env) => env.compute(3));
    await world.run();
    expect([world.now(), world.unmatchedTargets]).toEqual([3, ['l']]);
  });
});
