import { expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World } from '../sim/index.ts';
import type { AssignReply, Job } from './contract.ts';
import { makeCoordinator } from './index.ts';

type Call = (method: string, args: object) => Promise<unknown>;

/** A coordinator with one job, and somebody who talks to it. */
async function talk(changed: Partial<Job>, talker: (call: Call) => Promise<void>): Promise<void> {
  const world = new World(1, { host: nodeHost() });
  const job: Job = {
    splits: [{ file: 'a' }, { file: 'b' }],
    reduces: 1,
    intermediate: 'local',
    expiryMs: 1000,
    backups: false,
    ...changed,
  };
  world.addNode('coordinator', (env) => env.serve(makeCoordinator(env, job).handlers));
  let isOver = false;
  world.addNode('w', async (env) => {
    await talker((method, args) => env.call('coordinator', method, args));
    isOver = true;
  });
  await world.run({ untilMs: 10_000 });
  expect(world.failure).toBeUndefined();
  expect(isOver).toBe(true);
}

const done = (reply: unknown): object => ({ ...(reply as object), worker: 'w', holder: 'w' });

test('a client can poll how far a job is', async () => {
  const steps: unknown[] = [];
  await talk({}, async (call) => {
    for (let n = 0; n < 4; n++) {
      steps.push(await call('status', {}));
      const task = await call('assign', { worker: 'w' });
      if (n < 3) await call('complete', done(task));
      else expect(task).toEqual({ kind: 'exit' });
    }
  });

  expect(steps).toEqual([
    { maps: { total: 2, completed: 0, idle: 2 }, reduces: { total: 1, completed: 0, idle: 1 } },
    { maps: { total: 2, completed: 1, idle: 1 }, reduces: { total: 1, completed: 0, idle: 1 } },
    { maps: { total: 2, completed: 2, idle: 0 }, reduces: { total: 1, completed: 0, idle: 1 } },
    { maps: { total: 2, completed: 2, idle: 0 }, reduces: { total: 1, completed: 1, idle: 0 } },
  ]);
});

test('a reduce task names no output, but how many changes it is about, and holders', async () => {
  await talk({}, async (call) => {
    for (let n = 0; n < 2; n++) await call('complete', done(await call('assign', { worker: 'w' })));

    const task = await call('assign', { worker: 'w' });
    expect(task).toEqual({ kind: 'reduce', task: 0, attempt: 3, asOf: 2, holders: ['w'] });
    expect(await call('changes', { holder: 'w', known: 1 })).toEqual({
      asOf: 2,
      changes: [{ at: 2, output: { map: 1, attempt: 2, worker: 'w' }, counts: true }],
    });
    expect(await call('changes', { holder: 'v', known: 0 })).toEqual({ asOf: 2, changes: [] });
  });
});

test('a reduce task whose input is lost is handed out again as soon as it is there', async () => {
  await talk({ splits: [{ file: 'a' }] }, async (call) => {
    const assign = (): Promise<unknown> => call('assign', { worker: 'w' });
    await call('complete', done(await assign()));
    const reduce = (await assign()) as AssignReply & { kind: 'reduce' };
    await call('lost', { ...reduce, losses: [{ holder: 'w', gone: [1] }] });
    await call('complete', done(await assign()));

    expect(await assign()).toMatchObject({ kind: 'reduce', task: 0, attempt: 4 });
  });
});

test('records on which two attempts failed are skipped by the third', async () => {
  const skips: unknown[] = [];
  await talk({ splits: [{ file: 'a' }], skipBadRecords: true }, async (call) => {
    for (let n = 0; n < 3; n++) {
      const task = (await call('assign', { worker: 'w' })) as AssignReply & { kind: 'map' };
      skips.push(task.skip);
      await call('gasp', { ...task, records: [5, 7] });
    }
  });

  expect(skips).toEqual([[], [], [5, 7]]);
});
