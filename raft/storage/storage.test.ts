import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Changes } from '../core/effects.ts';
import type { LogEntry } from '../core/messages.ts';
import { type Durable, NOTHING } from '../core/state.ts';
import { MemoryPersister } from '../testing/memory-persister.ts';
import { persisterStorage } from './persister-storage.ts';
import { type StateRecord, writeRecord } from './record.ts';
import { replayRecords } from './storage.ts';

/** A change of a state, drawn before the state is known: numbers count modulo what there is. */
type Drawn =
  | { readonly vote: number | undefined }
  | { readonly from: number; readonly terms: number[] }
  | { readonly upTo: number; readonly isWholeLog: boolean };

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  fc.record({ vote: fc.option(fc.nat(4), { nil: undefined }) }),
  fc.record({ from: fc.nat(9), terms: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }) }),
  fc.record({ upTo: fc.nat(9), isWholeLog: fc.boolean() }),
);

/** The state after a change, and the change as the core tells it. */
function after(before: Durable, change: Drawn, number: number): [Durable, Changes] {
  const { currentTerm, snapshotIndex, entries } = before;
  const lastIndex = snapshotIndex + entries.length;
  const none = {
    vote: undefined,
    log: undefined,
    snapshot: undefined,
    lastIndex,
    term: currentTerm,
  };
  if ('vote' in change) {
    const vote = { currentTerm: currentTerm + 1, votedFor: change.vote };
    return [
      { ...before, ...vote },
      { ...none, vote },
    ];
  }
  if ('from' in change) {
    const kept = change.from % (entries.length + 1);
    const fresh = change.terms.map((term): LogEntry => ({ term, command: { number, term } }));
    const log = { from: snapshotIndex + kept + 1, entries: fresh };
    return [
      { ...before, entries: [...entries.slice(0, kept), ...fresh] },
      { ...none, log },
    ];
  }
  const dropped = change.upTo % (entries.length + 1);
  const durable: Durable = {
    ...before,
    snapshotIndex: snapshotIndex + dropped + (change.isWholeLog ? 7 : 0),
    snapshotTerm: currentTerm,
    entries: change.isWholeLog ? [] : entries.slice(dropped),
    snapshot: `snapshot ${number}`,
  };
  return [durable, { ...none, snapshot: durable.snapshot }];
}

test('what is recovered is what was persisted, after any changes, at any time', () => {
  const property = fc.property(fc.array(drawn, { maxLength: 20 }), (script) => {
    const persister = new MemoryPersister();
    let state = NOTHING;
    script.forEach((change, number) => {
      const [next, changes] = after(state, change, number);
      let isDone = false;
      persisterStorage(persister).persist(
        changes,
        () => next,
        () => (isDone = true),
      );
      expect(isDone).toBe(true);
      expect(persisterStorage(persister).recover()).toEqual(next);
      state = next;
    });
  });
  fc.assert(property, { numRuns: 500 });
});

test('a change costs what has changed, however long the log', () => {
  const persister = new MemoryPersister();
  const storage = persisterStorage(persister);
  const sizes: number[] = [];
  for (let index = 1; index <= 1000; index++) {
    const before = persister.stateSize();
    const log = { from: index, entries: [{ term: 1, command: 'x' }] };
    const changes = { vote: undefined, log, snapshot: undefined, lastIndex: index, term: 1 };
    storage.persist(
      changes,
      () => expect.unreachable('the whole state is not needed'),
      () => {},
    );
    sizes.push(persister.stateSize() - before);
  }
  expect(Math.max(...sizes)).toBeLessThan(40);
});

test('a server that never ran has nothing to recover', () => {
  expect(persisterStorage(new MemoryPersister()).recover()).toEqual(NOTHING);
});

describe('records that do not fit together', () => {
  const cases: [what: string, records: StateRecord[], problem: string][] = [
    ['a log that begins late', [{ l: [2, [[1, 'x']]] }], 'a gap in the log before index 2'],
    [
      'entries that are missing',
      [{ l: [1, [[1, 'x']]] }, { l: [3, [[1, 'y']]] }],
      'a gap in the log before index 3',
    ],
    [
      'entries that the snapshot covers',
      [{ s: [4, 1], l: [5, []] }, { l: [4, []] }],
      'a gap in the log before index 4',
    ],
    ['a snapshot that is missing', [{ s: [4, 1], l: [5, []] }], 'the snapshot up to index 4'],
  ];
  test.each(cases)('%s: the error names the file', (_what, records, problem) => {
    const snapshot = problem.startsWith('a gap') ? 'snapshot' : undefined;
    expect(() => replayRecords('the file', records, snapshot)).toThrow(/^the file: /);
    expect(() => replayRecords('the file', records, snapshot)).toThrow(problem);
  });

  test('a server does not start from them', () => {
    const persister = new MemoryPersister();
    persister.save(writeRecord({ s: [4, 1], l: [5, []] }), undefined);
    expect(() => persisterStorage(persister).recover()).toThrow(
      'raft state: the snapshot up to index 4 is missing',
    );
  });
});
