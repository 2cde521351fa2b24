/** Nodes that stand still or limp: what they are to do waits, in order, and is done once. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env, type FaultAction, type Ties } from '../index.ts';

const pause: FaultAction = { id: 'p', kind: 'pause', node: 'n', atMs: 15, untilMs: 60 };
const slow: FaultAction = { id: 's', kind: 'slow', node: 'n', stepMs: [5, 5], atMs: 5 };

/** Run `program` as node `n`; what it pushes is told with the time. */
async function tell(
  faults: readonly FaultAction[],
  program: (env: Env, say: (what: string) => void) => void,
  ties: Ties = 'fifo',
): Promise<string[]> {
  const world = new World('pause', { host: nodeHost(), plan: { profile: 'steady', faults, ties } });
  const said: string[] = [];
  world.addNode('n', (env) => program(env, (what) => void said.push(`${what} ${world.now()}`)));
  world.addNode('other', (env) => {
    env.setTimer(29.5, () => env.send('n', 'm', 'message'));
  });
  await world.run({ untilMs: 500 });
  expect(world.failure).toBeUndefined();
  return said;
}

/** Timers, set in an order that is not that of their times, and a message. */
const timers = (env: Env, say: (what: string) => void): void => {
  env.receive({ m: (text: string) => say(text) });
  for (const at of [60, 50, 40, 30, 20, 10]) env.setTimer(at, () => say(`${at}:`));
};

describe.each(['fifo', 'random'] as const)('with ties %s', (ties) => {
  test('what is due in a pause happens at its end, in the order in which it was due', async () => {
    expect(await tell([pause], timers, ties)).toEqual([
      ...['10: 10', '20: 60', ...(ties === 'fifo' ? ['30: 60', 'message 60'] : [])],
      ...(ties === 'random' ? [expect.anything(), expect.anything()] : []),
      ...['40: 60', '50: 60', '60: 60'],
    ]);
  });

  test('a slow node takes one thing after the other, and nothing overtakes', async () => {
    const said = await tell(
      [slow],
      (env, say) => {
        // Later ones are older, and fall on the very instants at which the node is ready again.
        for (const at of [25, 20, 15, 12, 11, 10]) env.setTimer(at, () => say(`${at}:`));
      },
      ties,
    );
    expect(said).toEqual(['10: 10', '11: 15', '12: 20', '15: 25', '20: 30', '25: 35']);
  });

  test('a pause of a slow node keeps the order, too', async () => {
    const said = await tell(
      [slow, { ...pause, atMs: 22, untilMs: 50 }],
      (env, say) => {
        for (const at of [24, 23, 13, 12, 11, 10]) env.setTimer(at, () => say(`${at}:`));
      },
      ties,
    );
    expect(said).toEqual(['10: 10', '11: 15', '12: 20', '13: 50', '23: 55', '24: 60']);
  });
});

describe('what waits for a node that stands still', () => {
  test('can be taken back', async () => {
    const said = await tell([pause], (env, say) => {
      const later = env.setTimer(30, () => say('taken back'));
      env.setTimer(20, () => {
        say('first');
        later.cancel();
      });
      env.setTimer(70, () => say('last'));
    });
    expect(said).toEqual(['first 60', 'last 70']);
  });

  test('dies with it', async () => {
    const crash: FaultAction = { id: 'c', kind: 'crash', node: 'n', atMs: 40, untilMs: 80 };
    expect(await tell([pause, crash], timers)).toEqual([
      '10: 10',
      '10: 90',
      '20: 100',
      '30: 110',
      '40: 120',
      '50: 130',
      '60: 140',
    ]);
  });

  test('may be a new life: one that begins in a pause begins at its end', async () => {
    const crash: FaultAction = { id: 'c', kind: 'crash', node: 'n', atMs: 20, untilMs: 30 };
    const said = await tell([pause, crash], (env, say) => say(`life ${env.incarnation} at`));
    expect(said).toEqual(['life 1 at 0', 'life 2 at 60']);
  });

  test('ends when the last of two pauses ends', async () => {
    const other: FaultAction = { ...pause, id: 'q', atMs: 30, untilMs: 90 };
    expect(await tell([pause, other], (env, say) => env.setTimer(20, () => say('done')))).toEqual([
      'done 90',
    ]);
  });
});
