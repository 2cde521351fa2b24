/** Faults that meet: two of a kind, a node that dies while it stands still, one that is immune. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type FaultAction } from '../index.ts';

function makeWorld(profile: string, faults: readonly FaultAction[]): World {
  return new World('overlap', { host: nodeHost(), plan: { profile, faults } });
}

describe('a server that dies before it comes to a request', () => {
  const stuck: readonly [string, FaultAction][] = [
    ['paused', { id: 'p', kind: 'pause', node: 'server', atMs: 5 }],
    ['busy', { id: 'p', kind: 'slow', node: 'server', atMs: 5, stepMs: [500, 500] }],
  ];
  test.each(stuck)('leaves no labrpc caller waiting: it was %s', async (_, fault) => {
    const crash: FaultAction = { id: 'x', kind: 'crash', node: 'server', atMs: 250 };
    const world = makeWorld('lab-steady', [fault, crash]);
    const seen: unknown[] = [];
    world.addNode('server', (env) => {
      env.serve({ m: () => 'reply' });
      env.setTimer(6, () => {});
    });
    world.addNode('client', async (env) => {
      await env.sleep(9.5);
      seen.push(await env.call('server', 'm', {}), env.now());
    });
    await world.run({ untilMs: 10_000 });
    // The request came at 10 ms; labrpc looks every 100 ms whether the server is there.
    expect(seen).toEqual([undefined, 310]);
  });

  test('answers in the end if it does not die, and once', async () => {
    const world = makeWorld('lab-steady', [{ ...stuck[0]![1], untilMs: 250 }]);
    const seen: unknown[] = [];
    let handled = 0;
    world.addNode('server', (env) => env.serve({ m: () => ++handled }));
    world.addNode('client', async (env) => {
      await env.sleep(9.5);
      seen.push(await env.call('server', 'm', {}), env.now());
    });
    await world.run({ untilMs: 10_000 });
    expect([seen, handled]).toEqual([[1, 250.5], 1]);
  });
});

describe('a labrpc server that crashes right after its reply', () => {
  test.each(['at once', 'later'])('has answered: handlers that do so %s', async (when) => {
    const point = when === 'later' ? 4 : 2;
    const faults: FaultAction[] = [
      {
        id: 'x',
        kind: 'crash-point',
        node: 'server',
        atMs: 0,
        call: point,
        when: 'after',
        downMs: 1,
      },
    ];
    const world = makeWorld('lab-steady', faults);
    const seen: unknown[] = [];
    world.addNode('server', (env) => {
      env.serve({
        m: async () => {
          await env.sleep(1);
          env.log('done');
          return 'reply';
        },
        now: () => 'reply',
      });
    });
    world.addNode('client', async (env) => {
      await env.sleep(1);
      seen.push(await env.call('server', when === 'later' ? 'm' : 'now', {}));
    });
    await world.run();
    expect([seen, world.crashes]).toEqual([['reply'], 1]);
  });

  test('has answered even if the reply takes longer than labrpc looks for the server', async () => {
    const faults: FaultAction[] = [
      { id: 'x', kind: 'crash-point', node: 'server', atMs: 0, call: 2, when: 'after', downMs: 1 },
      { id: 'd', kind: 'delay', atMs: 0, types: ['m.reply'], extraMs: [300, 300] },
    ];
    const world = makeWorld('lab-steady', faults);
    const seen: unknown[] = [];
    world.addNode('server', (env) => env.serve({ m: () => 'reply' }));
    world.addNode('client', async (env) => {
      seen.push(await env.call('server', 'm', {}), env.now());
    });
    await world.run();
    expect([seen, world.crashes]).toEqual([['reply', 301], 1]);
  });
});

describe('capacity', () => {
  const narrow = (id: string, messages: number): FaultAction => ({
    id,
    kind: 'capacity',
    atMs: 0,
    messages,
  });
  /** Two bursts of ten messages; gives how many of each arrived. */
  async function bursts(faults: readonly FaultAction[]): Promise<number[]> {
    const world = makeWorld('steady', faults);
    const arrived = [0, 0];
    world.addNode('b', (env) => env.receive({ m: (burst: number) => void arrived[burst]!++ }));
    world.addNode('a', (env) => {
      for (const [burst, at] of [10, 20].entries()) {
        env.setTimer(at, () => {
          for (let i = 0; i < 10; i++) env.send('b', 'm', burst);
        });
      }
    });
    await world.run();
    return arrived;
  }

  test.each([
    [3, 7],
    [7, 3],
  ])('of %d and of %d at once is that of the smaller', async (a, b) => {
    expect(await bursts([narrow('a', a), narrow('b', b)])).toEqual([3, 3]);
  });

  test('is not used up by messages that never set out', async () => {
    const loss: FaultAction = { id: 'l', kind: 'loss', atMs: 5, untilMs: 15, ppm: 1_000_000 };
    expect(await bursts([narrow('c', 5), loss])).toEqual([0, 5]);
    const cut: FaultAction = { id: 'l', kind: 'cut', atMs: 5, untilMs: 15 };
    expect(await bursts([narrow('c', 5), cut])).toEqual([0, 5]);
  });

  test('counts a message that comes twice as two', async () => {
    const twice: FaultAction = {
      id: 't',
      kind: 'duplicate',
      atMs: 0,
      ppm: 1_000_000,
      laterMs: [1, 5],
    };
    expect(await bursts([narrow('c', 5), twice])).toEqual([5, 5]);
  });
});

describe('clocks that are slowed down twice', () => {
  test('run at half their speed, and never stand still', async () => {
    const slow = (id: string, untilMs: number): FaultAction => ({
      ...{ id, kind: 'clock', node: 'n', atMs: 0, untilMs, driftPpm: -500_000 },
    });
    const world = makeWorld('steady', [slow('a', 100), slow('b', 200), slow('c', 300)]);
    const seen: unknown[] = [];
    world.addNode('n', async (env) => {
      await env.sleep(100);
      seen.push(world.now(), env.now());
      await env.sleep(100);
      seen.push(world.now(), env.now());
    });
    await world.run();
    expect(seen).toEqual([200, 100, 350, 200]);
  });
});

test('where code does the unusual on a node is not shifted by what another one does', async () => {
  const fired = async (calls: number): Promise<number[]> => {
    const faults: FaultAction[] = [{ id: 'u', kind: 'buggify', atMs: 0 }];
    const world = new World('buggify', { host: nodeHost(), plan: { faults } });
    const seen: number[] = [];
    world.addNode('a', (env) => {
      for (let i = 0; i < calls; i++) for (let p = 0; p < 20; p++) env.buggify(`p${p}`);
    });
    world.addNode('b', (env) => {
      for (let i = 0; i < 200; i++) if (env.buggify(`p${i % 20}`)) seen.push(i);
    });
    await world.run();
    return seen;
  };
  expect(await fired(7)).toEqual(await fired(0));
  expect((await fired(0)).length).toBeGreaterThan(3);
});

describe('an immune node', () => {
  const everything: FaultAction[] = [
    { id: 'loss', kind: 'loss', atMs: 0, ppm: 1_000_000 },
    { id: 'cut', kind: 'cut', atMs: 0 },
    { id: 'clog', kind: 'clog', atMs: 0 },
    { id: 'delay', kind: 'delay', atMs: 0, extraMs: [50, 60] },
    { id: 'zone', kind: 'crash', atMs: 5, node: { label: 'zone', is: 'a' } },
    { id: 'chosen', kind: 'pause', atMs: 5, node: { select: 'all' } },
    { id: 'buggify', kind: 'buggify', atMs: 0 },
  ];
  test('is spared by faults of all links, of its label, by selections and by buggify', async () => {
    const selectors = { all: (): string[] => ['tester', 'n'] };
    const plan = { profile: 'steady', faults: everything };
    const world = new World('immune', { host: nodeHost(), plan, selectors });
    const seen: unknown[] = [];
    world.addNode('n', (env) => env.serve({ m: () => 'reply' }));
    const labels = { zone: 'a' };
    world.addNode(
      'tester',
      async (env) => {
        await env.sleep(1);
        seen.push(await env.call('n', 'm', {}), env.now());
        await env.sleep(8);
        seen.push(env.incarnation);
        let fired = 0;
        for (let i = 0; i < 400; i++) if (env.buggify(`point ${i}`)) fired++;
        seen.push(fired);
      },
      { isImmune: true, labels },
    );
    await world.run({ untilMs: 1000 });
    expect(seen).toEqual(['reply', 2, 1, 0]);
    expect(world.unmatchedTargets).toEqual(['zone']);
    expect(world.faultsStarted.find(({ id }) => id === 'chosen')).toMatchObject({ node: ['n'] });
  });

  test('may not be named', async () => {
    const world = makeWorld('steady', [{ id: 'x', kind: 'crash', atMs: 0, node: 'tester' }]);
    world.addNode('tester', () => {}, { isImmune: true });
    world.addNode('n', () => {});
    await expect(world.run()).rejects.toThrow('faults[0].node (x): no node "tester"; there are n');
  });
});

describe('a machine that refuses', () => {
  async function refusal(faults: readonly FaultAction[], profile = 'steady'): Promise<unknown[]> {
    const world = makeWorld(profile, [
      { id: 'x', kind: 'crash', atMs: 0, node: 'server' },
      ...faults,
    ]);
    const seen: unknown[] = [];
    world.addNode('server', () => {}, { labels: { region: 'eu' } });
    world.addNode('client', async (env) => {
      await env.sleep(10);
      seen.push(await env.call('server', 'm', {}, { timeoutMs: 500 }), env.now());
    });
    await world.run({ untilMs: 1000 });
    return seen;
  }

  test('does so by a message, which faults hit on its way as any other', async () => {
    expect(await refusal([])).toEqual([undefined, 11]);
    const clog: FaultAction = { id: 'c', kind: 'clog', atMs: 0, untilMs: 200, from: 'server' };
    expect(await refusal([clog])).toEqual([undefined, 200.001]);
    const cut: FaultAction = { id: 'c', kind: 'cut', atMs: 10.7, from: 'server' };
    expect(await refusal([cut])).toEqual([undefined, 510]);
  });

  test('is as far away as its region, also while it is down', async () => {
    const [, tookMs] = await refusal([], 'wan');
    expect(tookMs).toBeGreaterThan(10 + 2 * 45);
  });
});
