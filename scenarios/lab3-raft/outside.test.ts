import { describe, expect, test } from 'vitest';
import { makeRaft, type MakeRaft, type RaftLayers } from '../../raft/index.ts';
import { closedRaft } from '../../raft/testing/closed-raft.ts';
import type { FaultAction, Peer } from '../../sim/index.ts';
import type { Implementation } from '../define/implementation.ts';
import { userModules } from '../node-catalogue.ts';
import { loadUserCode, packageFile } from '../runner/node-user-code.ts';
import { overSeeds } from '../testing/over-seeds.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { raftChaos } from './chaos.ts';

const SLOW = { timeout: 60_000 };

/** The independent Raft without its view. */
async function independent(): Promise<Implementation> {
  const code = await loadUserCode(packageFile('examples/raft-async.ts'), userModules);
  return {
    name: 'a closed box',
    evaluate: () => ({ makeRaft: closedRaft((code.evaluate() as unknown as RaftLayers).makeRaft) }),
  };
}

describe('an implementation that shows no view', () => {
  // As many seeds as make the bounds of the scenario's own activity count.
  test.each([
    { servers: 3, seeds: 20 },
    { servers: 5, seeds: 20 },
  ])('passes chaos on $servers servers, and as much happens', SLOW, async ({ servers, seeds }) => {
    const implementation = await independent();
    const summary = await overSeeds(raftChaos(servers), { seeds, implementation });

    expect(summary.verdict).toBe('pass');
  });

  test('is run as one whose view is withheld', SLOW, async () => {
    const layers = { makeRaft: closedRaft(makeRaft) };
    const [shown, ...others] = await Promise.all([
      runScenario(raftChaos(5), 7),
      runScenario(raftChaos(5), 7, { params: { view: false } }),
      runScenario(raftChaos(5), 7, { layers }),
      runScenario(raftChaos(5), 7, { layers, params: { view: false } }),
    ]);
    const digests = others.map(({ result }) => result.digest);

    expect(new Set(digests).size).toBe(1);
    expect(digests).not.toContain(shown.result.digest);
  });
});

/** Pauses of whoever leads, too short to unseat anybody. */
const pauses: readonly FaultAction[] = Array.from({ length: 20 }, (_, i) => ({
  id: `pause${i}`,
  kind: 'pause',
  node: { select: 'leader' },
  atMs: 2000 + 200 * i,
  untilMs: 2020 + 200 * i,
}));

function nodeOf(fault: FaultAction): string {
  return 'node' in fault ? JSON.stringify(fault.node) : '';
}

/** The same servers, with other words for what they say to each other, as one has them in Go. */
function inWords(make: MakeRaft, ours: readonly string[], theirs: readonly string[]): MakeRaft {
  const renamed = (value: unknown, from: readonly string[], to: readonly string[]): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, field]) => {
      const place = from.indexOf(name);
      return [to[place] ?? name, field] as const;
    });
    return Object.fromEntries(fields);
  };
  const makeRenamed: MakeRaft = (env, peers, ...rest) => {
    const others = peers.map((peer): Peer => ({
      ...peer,
      request(method, args, done, options) {
        const answered = (reply: unknown): void => done(renamed(reply, theirs, ours));
        peer.request(method, renamed(args, ours, theirs), answered, options);
      },
    }));
    const raft = make(env, others, ...rest);
    const handlers = Object.entries(raft.handlers).map(([method, handle]) => {
      const handler = (args: unknown): unknown =>
        renamed(handle(renamed(args, theirs, ours) as never), ours, theirs);
      return [method, handler] as const;
    });
    return { ...raft, handlers: Object.fromEntries(handlers) };
  };
  return Object.assign(makeRenamed, { isSynchronous: make.isSynchronous === true });
}

describe('servers that say the same in other words are right', () => {
  test.each([
    { what: 'all fields', ours: ['term', 'candidateId', 'voteGranted', 'success'] },
    { what: 'the answer to a candidate', ours: ['voteGranted'] },
    { what: 'the candidate', ours: ['candidateId'] },
  ])('$what', SLOW, async ({ ours }) => {
    const theirs = ours.map((name) => name[0]!.toUpperCase() + name.slice(1));
    const layers = { makeRaft: inWords(makeRaft, ours, theirs) };
    const { result } = await runScenario(raftChaos(3), 1, { layers });

    expect(result).toMatchObject({ verdict: 'pass' });
    expect(result.activity['leaders']).toBeGreaterThan(1);
  });
});

describe('seen from outside', () => {
  test.each([false, true])(
    'a leader is found by every fault that wants it (view %s)',
    SLOW,
    async (view) => {
      const run = await runScenario(raftChaos(5), 1, { faults: pauses, params: { view } });

      expect(run.result).toMatchObject({ verdict: 'pass', activity: { leaders: 1 } });
      expect(run.unmatchedTargets).toEqual([]);
      expect(new Set(run.plan.faults.map(nodeOf)).size).toBe(1);
    },
  );

  test('a term has one leader', SLOW, async () => {
    const makeBoastful = closedRaft(makeRaft, (raft) => ({
      getState: () => ({ ...raft.getState(), isLeader: true }),
    }));
    const { result } = await runScenario(raftChaos(3), 1, { layers: { makeRaft: makeBoastful } });

    expect(result).toMatchObject({ class: 'safety', check: 'one leader a term' });
    expect(result.reason).toMatch(/^s\d has led term 0, and s\d says that it leads it$/);
  });
});
