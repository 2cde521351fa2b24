import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { Trace, World, type Env, type Invariant } from '../index.ts';

/** At most one leader in a term. */
const electionSafety: Invariant = {
  name: 'Election Safety',
  watches: ['role'],
  check(state, { node, fields }) {
    if (fields['role'] !== 'leader') return undefined;
    const term = state.get(node)?.get('term');
    const other = [...state].find(
      ([id, fieldsOf]) =>
        id !== node && fieldsOf.get('role') === 'leader' && fieldsOf.get('term') === term,
    );
    return other === undefined ? undefined : `${node} and ${other[0]} lead term ${String(term)}`;
  },
};

const at = (env: Env, ms: number, fields: Record<string, unknown>): void =>
  void env.setTimer(ms, () => env.show(fields));

describe('an invariant', () => {
  test('is called when a field that it watches changes, and at no other time', async () => {
    const calls: unknown[] = [];
    const world = new World(1, { host: nodeHost() });
    world.addInvariant({
      name: 'seen',
      watches: ['role', 'term'],
      check: (_state, change) => void calls.push([world.now(), change]),
    });
    world.addNode('n', (env) => {
      at(env, 1, { role: 'follower', log: 1 });
      at(env, 2, { role: 'follower', log: 2 });
      at(env, 3, { log: 3 });
      at(env, 4, { role: 'leader', term: 2, log: 3 });
      for (let ms = 5; ms < 500; ms++) env.setTimer(ms, () => env.probe('another event'));
    });
    await world.run();

    expect(world.failure).toBeUndefined();
    expect(calls).toEqual([
      [1, { node: 'n', incarnation: 1, fields: { role: 'follower', log: 1 } }],
      [4, { node: 'n', incarnation: 1, fields: { role: 'leader', term: 2 } }],
    ]);
  });

  test('that breaks ends the run with its name, node, time and event', async () => {
    const world = new World(1, { host: nodeHost() });
    world.addInvariant(electionSafety);
    world.addNode('a', (env) => at(env, 1, { role: 'leader', term: 1 }));
    world.addNode('b', (env) => {
      at(env, 2, { role: 'leader', term: 2 });
      at(env, 3, { role: 'follower', term: 2 });
      at(env, 4, { role: 'leader', term: 1 });
      at(env, 5, { role: 'never' });
    });
    await world.run();

    expect(world.failure).toMatchObject({
      kind: 'violation',
      rule: 'Election Safety',
      message: 'b and a lead term 1',
      node: 'b',
      incarnation: 1,
      timeUs: 4000,
    });
    expect(world.now()).toBe(4);
  });

  test('cannot be caught by the code that breaks it', async () => {
    const world = new World(1, { host: nodeHost() });
    world.addInvariant({ name: 'never', watches: ['x'], check: () => 'broken' });
    world.addNode('n', (env) => {
      try {
        env.show({ x: 1 });
      } catch {
        // Whatever comes.
      }
    });
    await world.run();

    expect(world.failure).toMatchObject({ rule: 'never', message: 'broken' });
  });
});

describe('what a node shows', () => {
  test('is gone after a crash, and is kept by others', async () => {
    const faults = [{ id: 'x', kind: 'crash', node: 'a', atMs: 10 }] as const;
    const world = new World(1, { host: nodeHost(), plan: { faults } });
    for (const id of ['a', 'b']) world.addNode(id, (env) => at(env, 1, { term: 3 }));
    await world.run({ untilMs: 20 });

    expect([...world.shown].map(([id, fields]) => [id, Object.fromEntries(fields)])).toEqual([
      ['b', { term: 3 }],
    ]);
  });

  test('is a copy: later changes do not reach it, and count as changes when shown', async () => {
    const seen: unknown[] = [];
    const world = new World(1, { host: nodeHost() });
    world.addInvariant({
      name: 'seen',
      watches: ['log'],
      check: (state) => void seen.push(structuredClone(state.get('n')?.get('log'))),
    });
    world.addNode('n', (env) => {
      const log = [1];
      env.show({ log });
      log.push(2);
      seen.push(structuredClone(world.shown.get('n')?.get('log')));
      env.show({ log });
      env.show({ log });
    });
    await world.run();

    expect(seen).toEqual([[1], [1], [1, 2]]);
  });

  test('stands in the trace, and does not touch the digest', async () => {
    const digests: string[] = [];
    for (const term of [1, 2]) {
      const trace = new Trace();
      const world = new World(1, { host: nodeHost(), trace });
      world.addNode('n', (env) => env.show({ term }));
      await world.run();
      digests.push(world.digest());
      expect([...trace].find(({ kind }) => kind === 'state')).toMatchObject({
        node: 'n',
        payload: { term },
      });
    }
    expect(digests[0]).toBe(digests[1]);
  });
});
