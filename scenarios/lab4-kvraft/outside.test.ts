/** A user's Raft that shows no view, under our service: what can be told of it from outside. */
import { describe, expect, test } from 'vitest';
import { makeRaft, type ApplyMessage, type MakeRaft } from '../../raft/index.ts';
import { closedRaft } from '../../raft/testing/closed-raft.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { overSeeds } from '../testing/over-seeds.ts';
import { runScenario } from '../testing/run-scenario.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('kvraft/chaos-3');
const SLOW = { timeout: 120_000 };

const closed = closedRaft(makeRaft);

describe('a Raft without a view under the service', () => {
  // As many seeds as make the bounds of the scenario's own activity count.
  test.each(['kvraft/chaos-3', 'kvraft/lock-chaos'])(
    'passes %s, and as much happens',
    SLOW,
    async (name) => {
      const implementation = { name: 'a closed box', evaluate: () => ({ makeRaft: closed }) };
      const summary = await overSeeds(registry.scenario(name), { seeds: 20, implementation });

      expect(summary.groups).toEqual([]);
      expect(summary.verdict).toBe('pass');
    },
  );

  test('is found by every fault that wants the leader', SLOW, async () => {
    const faults = Array.from({ length: 10 }, (_, i) => {
      const atMs = 2000 + 200 * i;
      const node = { select: 'leader' };
      return { id: `pause${i}`, kind: 'pause' as const, node, atMs, untilMs: atMs + 20 };
    });
    const run = await runScenario(chaos, 1, { faults, layers: { makeRaft: closed } });

    expect(run.result).toMatchObject({ verdict: 'pass', activity: { leaders: 1 } });
    expect(run.unmatchedTargets).toEqual([]);
  });
});

/** Our Raft as a closed box, which hands something else to the service. */
function handing(change: (id: string, message: ApplyMessage) => readonly ApplyMessage[]): MakeRaft {
  const changed: MakeRaft = (env, peers, me, persister, apply) =>
    makeRaft(env, peers, me, persister, (message) => {
      for (const each of change(env.id, message)) void apply(each);
      return undefined;
    });
  return closedRaft(Object.assign(changed, { isSynchronous: true }));
}

describe('seen from outside', () => {
  test.each([
    {
      what: 'leads a term that another one leads',
      make: closedRaft(makeRaft, (raft) => ({
        getState: () => ({ ...raft.getState(), isLeader: true }),
      })),
      check: 'one leader a term',
      says: /^s\d has led term 0, and s\d says that it leads it$/,
    },
    {
      what: 'hands an entry over twice',
      make: handing((_id, message) => [message, message]),
      check: 'apply order',
      says: /^s\d applies command 1 after 1$/,
    },
    {
      what: 'leaves an entry out',
      make: handing((_id, message) => (message.index === 3 ? [] : [message])),
      check: 'apply order',
      says: /^s\d applies command 4 after 2$/,
    },
    {
      what: 'hands over what others do not',
      make: handing((id, message) =>
        id === 's1' && message.kind === 'command' && message.index === 5
          ? [{ ...message, command: { id: '?', request: { op: 'get', key: 'k0' } } }]
          : [message],
      ),
      check: 'agreement',
      says: /^s\d applies \{.* at index 5, where another server applied \{/,
    },
    {
      what: 'takes the service back to an old snapshot',
      make: handing((_id, message) =>
        message.index === 9
          ? [message, { kind: 'snapshot', index: 4, term: 1, snapshot: '4 []' }]
          : [message],
      ),
      check: 'apply order',
      says: /^s\d applies snapshot 4 after 9$/,
    },
  ])('a Raft that $what is caught', SLOW, async ({ make, check, says }) => {
    const { result } = await runScenario(chaos, 1, { layers: { makeRaft: make }, faults: [] });

    expect(result).toMatchObject({ class: 'safety', check });
    expect(result.reason).toMatch(says);
  });
});
