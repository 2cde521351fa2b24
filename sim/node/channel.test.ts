import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env } from '../index.ts';

/** Run one node program; what it pushes is what happened. */
async function happens(
  program: (env: Env, say: (...what: unknown[]) => void) => void | Promise<void>,
): Promise<unknown[]> {
  const world = new World(1, { host: nodeHost() });
  const said: unknown[] = [];
  world.addNode('n', (env) => program(env, (...what) => void said.push(...what)));
  await world.run();
  expect(world.failure).toBeUndefined();
  return said;
}

describe('an unbuffered channel', () => {
  test('makes a sender wait for its receiver', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<string>();
      env.spawn('sender', async () => {
        await channel.send('a');
        say(`sent at ${env.now()}`);
      });
      await env.sleep(5);
      say(await channel.receive());
      await env.sleep(1);
    });
    expect(said).toEqual([{ status: 'value', value: 'a' }, 'sent at 5']);
  });

  test('makes a receiver wait for its sender', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<string>();
      env.spawn('receiver', async () => {
        const received = await channel.receive();
        say(received.status, env.now());
      });
      await env.sleep(5);
      await channel.send('a');
      say('sent');
      await env.sleep(1);
    });
    expect(said).toEqual(['sent', 'value', 5]);
  });

  test('serves senders and receivers in the order in which they came', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>();
      for (let i = 0; i < 5; i++) {
        env.spawn('sender', async () => {
          await channel.send(i);
          say(`${i} sent`);
        });
      }
      await env.sleep(1);
      for (let i = 0; i < 5; i++) {
        const received = await channel.receive();
        if (received.status === 'value') say(received.value);
      }
      for (let i = 0; i < 5; i++) {
        env.spawn('receiver', async () => {
          const received = await channel.receive();
          if (received.status === 'value') say(`${i} got ${received.value}`);
        });
      }
      await env.sleep(1);
      for (let i = 10; i < 15; i++) await channel.send(i);
      await env.sleep(1);
    });
    expect(said.filter((what) => typeof what === 'number')).toEqual([0, 1, 2, 3, 4]);
    expect(said.filter((what) => String(what).endsWith('sent'))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `${i} sent`),
    );
    expect(said.filter((what) => String(what).includes('got'))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `${i} got ${10 + i}`),
    );
  });
});

describe('a buffered channel', () => {
  test('takes as many values as it has room for, and keeps their order', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>(2);
      env.spawn('sender', async () => {
        for (let i = 0; i < 5; i++) {
          await channel.send(i);
          say(`${i} at ${env.now()}`);
        }
      });
      for (let i = 0; i < 5; i++) {
        await env.sleep(10);
        const received = channel.tryReceive();
        say(received?.status === 'value' ? received.value : received);
      }
    });
    expect(said).toEqual(['0 at 0', '1 at 0', 0, '2 at 10', 1, '3 at 20', 2, '4 at 30', 3, 4]);
  });

  test('lets waiting senders in one by one, first come, first served', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>(1);
      for (let i = 0; i < 4; i++) env.spawn('sender', () => channel.send(i));
      await env.sleep(1);
      for (let i = 0; i < 4; i++) {
        const received = channel.tryReceive();
        say(received?.status === 'value' && received.value);
      }
    });
    expect(said).toEqual([0, 1, 2, 3]);
  });

  test.each([-1, Number.NaN])('refuses a capacity of %d', async (capacity) => {
    await happens((env) => {
      expect(() => env.channel(capacity)).toThrow(RangeError);
    });
  });
});

describe('trying', () => {
  test('never waits', async () => {
    const said = await happens((env, say) => {
      const [none, one] = [env.channel<number>(), env.channel<number>(1)];
      say(none.trySend(1), none.tryReceive(), one.trySend(1), one.trySend(2));
      say(one.tryReceive(), one.tryReceive(), one.trySend(3));
    });
    const value = { status: 'value', value: 1 };
    expect(said).toEqual([false, undefined, true, false, value, undefined, true]);
  });

  test('takes the value of a waiting sender, who goes on', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>();
      env.spawn('sender', async () => {
        await channel.send(7);
        say('sent');
      });
      await env.sleep(1);
      say(channel.tryReceive(), channel.tryReceive());
      await env.sleep(1);
    });
    expect(said).toEqual([{ status: 'value', value: 7 }, undefined, 'sent']);
  });
});

describe('closing', () => {
  test('ends waiting receivers, after the values that were there', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>(3);
      await channel.send(1);
      await channel.send(2);
      channel.close();
      for (let i = 0; i < 3; i++) {
        const received = await channel.receive();
        say(received.status === 'value' ? received.value : received.status);
      }
      const other = env.channel();
      env.spawn('closer', async () => {
        await env.sleep(3);
        other.close();
      });
      say((await other.receive()).status, env.now());
    });
    expect(said).toEqual([1, 2, 'closed', 'closed', 3]);
  });

  test('makes sending an error, for those who are waiting to send, too', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>();
      env.spawn('waiting sender', async () => {
        await channel.send(1).catch((error: Error) => say('waiting', error.message, env.now()));
      });
      await env.sleep(2);
      channel.close();
      await env.sleep(1);
      await channel.send(2).catch((error: Error) => say('later', error.message));
      expect(() => channel.trySend(3)).toThrow('send on a closed channel');
      say(channel.tryReceive());
    });
    expect(said).toEqual([
      ...['waiting', 'send on a closed channel', 2],
      ...['later', 'send on a closed channel'],
      { status: 'closed' },
    ]);
  });
});

describe('waiting with a time-out', () => {
  test('ends at the time-out, and loses no value that comes later', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>();
      say((await channel.receive(5)).status, env.now());
      env.spawn('sender', () => channel.send(1));
      say((await channel.receive(5)).status, env.now());
    });
    expect(said).toEqual(['timeout', 5, 'value', 5]);
  });

  test('delivers a value that comes at the very instant, once', async () => {
    const said = await happens(async (env, say) => {
      const channel = env.channel<number>();
      // Its timer is older than that of the receiver: the value comes first.
      env.setTimer(5, () => say(channel.trySend(1)));
      say((await channel.receive(5)).status);
      say(channel.tryReceive());
    });
    expect(said).toEqual([true, 'value', undefined]);
  });

  test('leaves no timer behind once a value has come', async () => {
    const world = new World(1, { host: nodeHost() });
    world.addNode('n', async (env) => {
      const channel = env.channel<number>();
      env.setTimer(1, () => void channel.trySend(1));
      await channel.receive(1_000_000);
    });
    await world.run();
    expect(world.now()).toBe(1);
  });

  test('leaves nobody behind on a quiet channel', async () => {
    const said = await happens(async (env, say) => {
      const quiet = env.channel<number>();
      for (let i = 0; i < 5000; i++) await quiet.receive(1);
      say((quiet as unknown as { receivers: unknown[] }).receivers.length < 100);
      say(quiet.trySend(1));
    });
    expect(said).toEqual([true, false]);
  });
});

describe('select', () => {
  test('takes the first of several channels that has something, and says which', async () => {
    const said = await happens(async (env, say) => {
      const [a, b] = [env.channel<string>(1), env.channel<string>(1)];
      const name = (channel: unknown): string => (channel === a ? 'a' : 'b');
      b.trySend('early');
      const first = await env.select([a, b]);
      say(name(first.channel), first.status);
      env.setTimer(3, () => void b.trySend('later'));
      env.setTimer(4, () => void a.trySend('last'));
      for (let i = 0; i < 2; i++) {
        const next = await env.select([a, b]);
        say(name(next.channel), next.status === 'value' && next.value, env.now());
      }
      const none = await env.select([a, b], 10);
      say(none.status, none.channel, env.now());
    });
    expect(said).toEqual([
      ...['b', 'value'],
      ...['b', 'later', 3],
      ...['a', 'last', 4],
      ...['timeout', undefined, 14],
    ]);
  });

  test('prefers the earlier of two channels that both have something', async () => {
    const said = await happens(async (env, say) => {
      const [a, b] = [env.channel<string>(1), env.channel<string>(1)];
      b.trySend('b');
      a.trySend('a');
      for (let i = 0; i < 2; i++) {
        const next = await env.select([a, b]);
        if (next.status === 'value') say(next.value);
      }
    });
    expect(said).toEqual(['a', 'b']);
  });

  test('takes one value only, and leaves the others where they are', async () => {
    const said = await happens(async (env, say) => {
      const [a, b] = [env.channel<string>(), env.channel<string>()];
      env.spawn('selector', async () => {
        const got = await env.select([a, b]);
        say(got.status === 'value' && got.value);
      });
      await env.sleep(1);
      say(b.trySend('b'), a.trySend('a'));
      await env.sleep(1);
      say(a.trySend('again'));
    });
    expect(said).toEqual([true, false, 'b', false]);
  });

  test('wakes up when one of the channels is closed', async () => {
    const said = await happens(async (env, say) => {
      const [a, b] = [env.channel(), env.channel()];
      env.setTimer(2, () => b.close());
      const got = await env.select([a, b], 50);
      say(got.status, got.channel === b, env.now());
    });
    expect(said).toEqual(['closed', true, 2]);
  });
});
