import { expect, test } from 'vitest';
import type { LogView, RaftView, Role } from '../../../raft/index.ts';
import { Committed } from './committed.ts';
import { logMatching } from './log-matching.ts';
import { ObservedServer } from './observed-server.ts';
import { stateMachineSafety } from './state-machine-safety.ts';

/** What somebody's server shows: a log, given as the terms of its entries from index 1 on. */
class ShownServer implements RaftView {
  readonly role: Role = 'follower';
  readonly votedFor = undefined;
  currentTerm = 9;
  commitIndex = 0;
  lastApplied = 0;
  private terms: readonly number[] = [];
  private truncations = 0;
  private snapshotIndex = 0;

  get log(): LogView {
    const { terms, truncations, snapshotIndex } = this;
    return {
      snapshotIndex,
      snapshotTerm: terms[snapshotIndex - 1] ?? 0,
      lastIndex: terms.length,
      truncations,
      term: (index) => (index === 0 ? 0 : terms[index - 1]),
      command: (index) => `of term ${terms[index - 1]}`,
    };
  }

  /** Some entries may have given way to others. */
  become(terms: readonly number[], commitIndex: number): void {
    if (this.terms.some((term, i) => terms[i] !== term)) this.truncations++;
    this.terms = terms;
    this.commitIndex = commitIndex;
  }

  /** A snapshot stands for all of its log, and for entries that it lacks. */
  install(terms: readonly number[]): void {
    this.terms = terms;
    this.commitIndex = this.snapshotIndex = terms.length;
  }
}

/** Servers that are looked at one after the other. @returns what is found wrong at last */
function problemOf(course: readonly [server: string, terms: number[], commit: number][]) {
  const committed = new Committed();
  const { look } = stateMachineSafety(committed);
  const servers = new Map<string, { view: ShownServer; observed: ObservedServer }>();
  const found = course.map(([id, terms, commitIndex]) => {
    let server = servers.get(id);
    if (server === undefined) {
      const view = new ShownServer();
      const observed = new ObservedServer({ id, view, hashOfSnapshot: 0, isUp: () => true });
      servers.set(id, (server = { view, observed }));
    }
    server.view.become(terms, commitIndex);
    const seen = server.observed.look(committed);
    return seen === undefined ? undefined : look(seen, new Map());
  });
  expect(found.slice(0, -1).every((problem) => problem === undefined)).toBe(true);
  return found.at(-1);
}

test('servers that commit the same, one further than the other, are right', () => {
  expect(
    problemOf([
      ['s0', [1, 1, 2], 2],
      ['s1', [1, 1, 2, 2], 4],
      ['s0', [1, 1, 2, 2], 3],
    ]),
  ).toBeUndefined();
});

test('two entries at an index are told, whoever has committed more', () => {
  expect(
    problemOf([
      ['s0', [1, 1], 2],
      ['s1', [1, 2], 2],
    ]),
  ).toBe('s1 and s0 have committed different entries up to index 2');
  expect(
    problemOf([
      ['s0', [1, 1, 1], 3],
      ['s1', [1, 2], 2],
    ]),
  ).toBe('s1 and s0 have committed different entries up to index 2');
  // At once, and not when s0 comes as far.
  expect(
    problemOf([
      ['s0', [1, 1], 2],
      ['s1', [1, 2, 2, 2], 4],
    ]),
  ).toBe('s1 and s0 have committed different entries up to index 2');
});

test('a commit past the end of the log is told', () => {
  expect(problemOf([['s0', [1, 1], 3]])).toBe('s0 has committed index 3, and lacks it');
  expect(
    problemOf([
      ['s0', [1, 1, 1], 3],
      ['s1', [1, 1], 3],
    ]),
  ).toBe('s1 has committed index 3, and lacks it');
});

test('a server that gives up what it has committed is told, though it commits no more', () => {
  const before: [string, number[], number] = ['s0', [1, 1, 1, 1], 3];
  expect(problemOf([before, ['s0', [1, 1, 1, 2], 3]])).toBeUndefined();
  expect(problemOf([before, ['s0', [1, 1, 2], 3]])).toBe(
    's0 has given up entries that it committed, up to index 3',
  );
  expect(problemOf([before, ['s0', [1, 2, 2, 2], 3]])).toBe(
    's0 has given up entries that it committed, up to index 3',
  );
  expect(problemOf([before, ['s0', [1, 1], 3]])).toBe('s0 has committed index 3, and lacks it');
});

test('a snapshot of what was cut off, and is committed after all, is no other log', () => {
  const committed = new Committed();
  const matching = logMatching();
  const follower = new ShownServer();
  const leader = new ShownServer();
  const [s0, s1] = [leader, follower].map(
    (view, i) => new ObservedServer({ id: `s${i}`, view, hashOfSnapshot: 0, isUp: () => true }),
  );
  const look = (server: ObservedServer): string | undefined => {
    const seen = server.look(committed)!;
    committed.disagreement(server, server.view.commitIndex);
    return matching.look(seen, new Map());
  };

  leader.become([1, 1, 1], 0);
  follower.become([1, 1, 1], 0);
  expect([look(s0!), look(s1!)]).toEqual([undefined, undefined]);
  // Another leader had one entry, and wrote another one over the follower's second.
  follower.become([1, 2], 0);
  expect(look(s1!)).toBeUndefined();
  follower.become([1], 0);
  expect(look(s1!)).toBeUndefined();
  leader.become([1, 1, 1], 3);
  expect(look(s0!)).toBeUndefined();
  follower.install([1, 1, 1]);
  expect(look(s1!)).toBeUndefined();
});
