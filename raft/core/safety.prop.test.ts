import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, runActions, type RunOptions } from '../testing/random-run.ts';
import { runTranscript } from '../testing/transcript.ts';
import { type Rules, rules } from './rules.ts';

const at = fc.nat(4);
const whom = fc.nat(31);
const times = fc.integer({ min: 1, max: 3 });

/** Mostly of the last few messages, and now and then of those of long ago. */
const back = fc.oneof(
  { weight: 6, arbitrary: fc.nat(5) },
  { weight: 2, arbitrary: fc.nat(20) },
  { weight: 1, arbitrary: fc.nat(400) },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('campaign'), at, whom } as const) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('replicate'), at, whom } as const) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('start'), at, times } as const) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('arrive'), back } as const) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer'), back } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose'), back } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('timeout', 'heartbeat'), at } as const) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash'), at } as const) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write'), at } as const) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('snapshot'), at, index: fc.nat(9) } as const),
  },
);

/** With a slow disk a server alone leads before it is durable that it does, which nobody sees. */
const options: fc.Arbitrary<RunOptions> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ size: 1, areDisksSlow: false }) },
  {
    weight: 12,
    arbitrary: fc.record({
      size: fc.constantFrom(2, 3, 3, 3, 5),
      areDisksSlow: fc.constantFrom(false, false, true),
    }),
  },
);
const actions = fc.array(action, { maxLength: 200, size: 'max' });

/** The properties of Figure 3 hold in every run of servers with these rules. */
function safe(changed: Partial<Rules>): fc.IProperty<[RunOptions, Action[]]> {
  return fc.property(options, actions, (drawn, script) => {
    const run = runActions(script, { ...drawn, rules: { ...rules, ...changed } });
    if (run.violation === undefined) return;
    throw new Error(`${run.violation.message}\n${run.transcript()}`);
  });
}

test('messages lost, late, twice and out of order, crashes: Figure 3 holds', () => {
  fc.assert(safe({}), { numRuns: 1000 });
});

/** One rule wrong at a time, with the property of Figure 3 that breaks for lack of it. */
const wrongRules: [wrong: string, change: Partial<Rules>, broken: RegExp][] = [
  [
    'a leader commits entries of older terms by counting replicas (§5.4.2)',
    {
      leaderCommitIndex(state) {
        const matched = state.progress.map(({ matchIndex }) => matchIndex).sort((a, b) => b - a);
        const n = matched.find((_, servers) => this.isQuorum!(state, servers + 1)) ?? 0;
        return Math.max(n, state.commitIndex);
      },
    },
    /Leader Completeness|State Machine Safety/,
  ],
  [
    'a candidate counts votes of its earlier elections (§5.2)',
    { countsVote: (state, _args, reply) => reply.voteGranted && state.role === 'candidate' },
    /Election Safety/,
  ],
  [
    'matchIndex is what the leader has by the time of the reply',
    { matchIndexAfter: ({ log }) => log.lastIndex },
    /Leader Completeness|State Machine Safety/,
  ],
  [
    'a follower deletes what follows the new entries, without a conflict (§5.3)',
    {
      conflictAt({ log }, { prevLogIndex, entries }) {
        const end = prevLogIndex + entries.length + 1;
        const conflict = entries.findIndex(
          ({ term }, i) => log.term(prevLogIndex + 1 + i) !== term,
        );
        const index = conflict < 0 ? end : prevLogIndex + 1 + conflict;
        return index > log.snapshotIndex && index <= log.lastIndex ? index : undefined;
      },
    },
    /Leader Completeness|State Machine Safety|Monotony/,
  ],
  [
    'a server votes more than once in a term (§5.2)',
    {
      mayGrantVote(state, args) {
        return args.term >= state.currentTerm && this.isUpToDate!(state, args);
      },
    },
    /Election Safety/,
  ],
  [
    'the longer log is the more up-to-date one (§5.4.1)',
    { isUpToDate: ({ log }, { lastLogIndex }) => lastLogIndex >= log.lastIndex },
    /Leader Completeness|State Machine Safety/,
  ],
  [
    'the log with the later term is the more up-to-date one, however long (§5.4.1)',
    { isUpToDate: ({ log }, { lastLogTerm }) => lastLogTerm >= log.lastTerm },
    /Leader Completeness|State Machine Safety/,
  ],
  [
    'half of the servers are a majority (§5.2)',
    { isQuorum: (state, servers) => 2 * servers >= state.size },
    /Election Safety|Leader Completeness|State Machine Safety/,
  ],
  [
    'heartbeats pass without a check of consistency (§5.3)',
    {
      passesConsistencyCheck: (state, args) =>
        args.entries.length === 0 || rules.passesConsistencyCheck(state, args),
    },
    /Leader Completeness|State Machine Safety/,
  ],
  [
    'commitIndex goes back with an old request',
    {
      followerCommitIndex: (_state, { leaderCommit, prevLogIndex, entries }) =>
        Math.min(leaderCommit, prevLogIndex + entries.length),
    },
    /Monotony: commitIndex/,
  ],
  [
    'entries after a snapshot stay although they conflict (Figure 13)',
    { retainsSuffix: ({ log }, { lastIncludedIndex }) => lastIncludedIndex <= log.lastIndex },
    /Log Matching|Leader Completeness|State Machine Safety/,
  ],
  [
    'the vote is void when a server steps down within its term (§5.2)',
    { voteAfterSteppingDown: () => undefined },
    /Election Safety/,
  ],
];

/** Each of the eight that were tried finds all of these. */
const SEED = 4;

describe('the property notices when', () => {
  test.each(wrongRules)('%s', (_wrong, change, broken) => {
    const found = fc.check(safe(change), { seed: SEED, numRuns: 2500, endOnFailure: true });
    expect(found.failed && String(found.errorInstance)).toMatch(broken);
  });
});

test('a counterexample is shown as a short transcript, which can be carried out', () => {
  const change: Partial<Rules> = { isQuorum: (state, servers) => 2 * servers >= state.size };
  const { errorInstance } = fc.check(safe(change), { seed: SEED, numRuns: 2500 });
  const [violation, ...transcript] = (errorInstance as Error).message.split('\n');
  expect(transcript.filter((line) => line.startsWith('> ')).length).toBeLessThan(10);
  expect(transcript.at(-2)).toBe(`  VIOLATES ${violation}`);
  expect(runTranscript(transcript.join('\n'), { ...rules, ...change })).toBe(transcript.join('\n'));
});

test('runs come to elections, commits, snapshots and crashes', () => {
  const seen = { leaders: 0, committed: 0, snapshots: 0, restored: 0, crashes: 0 };
  const property = fc.property(options, actions, (drawn, script) => {
    const { cores } = runActions(script, drawn);
    for (const { core, life } of cores.members) {
      seen.leaders += core.state.role === 'leader' ? 1 : 0;
      seen.committed += core.state.commitIndex;
      seen.snapshots += core.state.log.snapshotIndex > 0 ? 1 : 0;
      seen.crashes += life - 1;
    }
    const installs = [...cores.messages.values()].filter(({ name }) => name.startsWith('s'));
    seen.restored += installs.filter(({ replies }) => replies.length > 0).length;
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
  expect(seen.leaders).toBeGreaterThan(100);
  expect(seen.committed).toBeGreaterThan(300);
  expect(seen.snapshots).toBeGreaterThan(40);
  expect(seen.restored).toBeGreaterThan(2);
  expect(seen.crashes).toBeGreaterThan(300);
});
