import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { Digest, Kernel, World, type Env, type FaultAction, type Owner } from '../index.ts';
import type { EventLabel } from './event.ts';

async function digestOf(
  program: (env: Env) => void | Promise<void>,
  faults: readonly FaultAction[] = [],
): Promise<string> {
  const world = new World(1, { host: nodeHost(), plan: { profile: 'lan', faults } });
  for (const id of ['a', 'b']) world.addNode(id, () => {});
  world.addNode('n', program);
  await world.run();
  expect(world.failure).toBeUndefined();
  return world.digest();
}

describe('the digest of a run', () => {
  const pairs: [string, (env: Env) => void, (env: Env) => void][] = [
    ['a time', (env) => void env.setTimer(1, () => {}), (env) => void env.setTimer(2, () => {})],
    ['a payload', (env) => env.send('a', 'm', 1), (env) => env.send('a', 'm', 2)],
    ['a message type', (env) => env.send('a', 'm', 1), (env) => env.send('a', 'l', 1)],
    ['who a message is for', (env) => env.send('a', 'm', 1), (env) => env.send('b', 'm', 1)],
    ['a kind', (env) => void env.setTimer(0, () => {}), (env) => env.spawn('timer', () => {})],
    ['a task', (env) => env.spawn('s', () => {}), (env) => env.spawn('t', () => {})],
    ['a file', (env) => env.disk.save('f', 'x'), (env) => env.disk.save('g', 'x')],
    ['its content', (env) => env.disk.save('f', 'x'), (env) => env.disk.save('f', 'y')],
    ['name and content', (env) => env.disk.save('f', 'x'), (env) => env.disk.save('x', 'f')],
    [
      'bytes of a file',
      (env) => env.disk.save('f', new Uint8Array([1, 0])),
      (env) => env.disk.save('f', new Uint8Array([1])),
    ],
    [
      'what is removed',
      (env) => {
        env.disk.save('f', 'x');
        env.disk.remove('f');
      },
      (env) => env.disk.save('f', 'x'),
    ],
    [
      'the order of two events',
      (env) => {
        env.spawn('s', () => {});
        env.spawn('t', () => {});
      },
      (env) => {
        env.spawn('t', () => {});
        env.spawn('s', () => {});
      },
    ],
  ];
  test.each(pairs)('differs with %s', async (_, one, other) => {
    expect(await digestOf(one)).not.toBe(await digestOf(other));
    expect(await digestOf(one)).toBe(await digestOf(one));
  });

  test('differs with who a lost message was for', async () => {
    const cut: FaultAction = { id: 'cut', kind: 'partition', atMs: 0, groups: [['n'], ['a', 'b']] };
    const send = (to: string) => async (env: Env) => {
      await env.sleep(1);
      env.send(to, 'm', 1);
    };
    expect(await digestOf(send('a'), [cut])).not.toBe(await digestOf(send('b'), [cut]));
  });

  test('differs with who a message is for that is still on its way', async () => {
    const digests = await Promise.all(
      ['a', 'b'].map(async (to) => {
        const world = new World(1, { host: nodeHost() });
        world.addNode('n', (env) => env.send(to, 'm', 1));
        await world.run({ untilMs: 0.05 });
        return world.digest();
      }),
    );
    expect(digests[0]).not.toBe(digests[1]);
  });

  test('differs with each part of an event by itself', () => {
    const owner = (hash: number): Owner => ({
      id: 'n',
      incarnation: 1,
      hash,
      synchronous: true,
      alive: true,
      queued: 0,
      diedIn: -1,
      readyAt: 0,
      stepUs: undefined,
      parked: [],
      park: () => {},
      nextInLine: () => undefined,
      passes: () => false,
      isCalled: false,
      afterwards: undefined,
      watch: () => {},
      cancel: () => {},
    });
    const [n, m] = [owner(1), owner(2)];
    const digestOfEvent = (...event: Parameters<Kernel['schedule']>): string => {
      const kernel = new Kernel();
      kernel.schedule(...event);
      const at = kernel.queue.nextTime;
      kernel.step(kernel.queue.pop()!, at);
      return kernel.digest.hex();
    };
    const run = (): void => {};
    const label = (labelHash: number): EventLabel => ({ label: '', labelHash });
    const digests = [
      digestOfEvent('timer', n, 1, run, label(1), 1),
      digestOfEvent('wake', n, 1, run, label(1), 1),
      digestOfEvent('timer', m, 1, run, label(1), 1),
      digestOfEvent('timer', undefined, 1, run, label(1), 1),
      digestOfEvent('timer', n, 2, run, label(1), 1),
      digestOfEvent('timer', n, 2 ** 40 + 1, run, label(1), 1),
      digestOfEvent('timer', n, 1, run, label(2), 1),
      digestOfEvent('timer', n, 1, run, label(1), 2),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('differs with the node that does something, and with its life', async () => {
    const crash = (node: string, times: number): FaultAction[] =>
      Array.from({ length: times }, (_, i) => ({
        id: 'same',
        kind: 'crash',
        atMs: 2 * i + 1,
        untilMs: 2 * i + 2,
        node,
      }));
    const quiet = (): void => {};
    const digests = [
      await digestOf(quiet),
      await digestOf(quiet, crash('a', 1)),
      await digestOf(quiet, crash('b', 1)),
    ];
    expect(new Set(digests).size).toBe(3);
  });

  test('does not differ with words that only people read', async () => {
    const quiet = await digestOf((env) => void env.setTimer(1, () => {}));
    const talking = await digestOf((env) => {
      env.log('x');
      env.probe('y');
      env.setTimer(1, () => env.log('z'));
    });
    expect(talking).toBe(quiet);
  });
});

describe('a digest', () => {
  test('is 16 hexadecimal digits, and can be read on the way', () => {
    const [one, other] = [new Digest(), new Digest()];
    for (let i = 0; i < 100; i++) {
      one.event(i * 2 ** 40, 1, 2, 3, 4);
      expect(one.hex()).toMatch(/^[0-9a-f]{16}$/);
      other.event(i * 2 ** 40, 1, 2, 3, 4);
    }
    expect(one.hex()).toBe(other.hex());
  });

  test('never repeats over many words, long or short, in any order', () => {
    const seen = new Set<string>();
    const digest = new Digest();
    for (let i = 0; i < 50_000; i++) {
      digest.mix(i % 3);
      seen.add(digest.hex());
    }
    for (const [a, b] of [
      [1, 2],
      [2, 1],
      [0, 3],
      [2 ** 32, 1],
      [1, 2 ** 32],
    ] as const) {
      const pair = new Digest();
      pair.event(a, 1, 2, 3, 4);
      pair.event(b, 1, 2, 3, 4);
      seen.add(pair.hex());
    }
    expect(seen.size).toBe(50_005);
  });
});
