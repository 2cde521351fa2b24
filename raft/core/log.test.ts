import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Log } from './log.ts';
import type { LogEntry } from './messages.ts';

/** A log written down plainly: all terms from index 1, and how far the snapshot goes. */
interface Model {
  terms: number[];
  snapshotIndex: number;
  truncations: number;
}

type Change = readonly [kind: 'append' | 'truncate' | 'compact' | 'reset', at: number];
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('append', 'append', 'append', 'truncate', 'compact', 'reset'),
  fc.nat(9),
);

/** Change both; `at` counts modulo what there is, and terms never fall. */
function carryOut(log: Log, model: Model, [kind, at]: Change): void {
  const { terms, snapshotIndex } = model;
  const index = snapshotIndex + 1 + (at % (terms.length - snapshotIndex + 1));
  if (kind === 'append') {
    const term = (terms.at(-1) ?? 1) + (at % 2);
    const entry: LogEntry = { term, command: `c${terms.length + 1}` };
    log.append([entry]);
    terms.push(term);
  } else if (kind === 'truncate') {
    log.truncateFrom(index);
    terms.length = index - 1;
    model.truncations++;
  } else if (kind === 'compact' && index <= terms.length) {
    log.compact(index, terms[index - 1]!);
    model.snapshotIndex = index;
  } else if (kind === 'reset') {
    // Past the end, or at an entry that conflicts: the snapshot's is of a later term.
    const last = at < 5 ? terms.length + 1 + at : index;
    const term = (terms.at(-1) ?? 1) + 1;
    log.reset(last, term);
    if (last <= terms.length) model.truncations++;
    model.terms = Array<number>(last).fill(term);
    model.snapshotIndex = last;
  }
}

function compare(log: Log, { terms, snapshotIndex, truncations }: Model): void {
  const own = terms.slice(snapshotIndex);
  expect(log).toMatchObject({
    snapshotIndex,
    snapshotTerm: terms[snapshotIndex - 1] ?? 0,
    lastIndex: terms.length,
    lastTerm: terms.at(-1) ?? 0,
    truncations,
  });
  expect(log.from(snapshotIndex + 1).map(({ term }) => term)).toEqual(own);
  expect(log.from(snapshotIndex + 1, 2)).toHaveLength(Math.min(2, own.length));
  for (let index = snapshotIndex; index <= terms.length + 1; index++) {
    expect(log.term(index)).toBe(index === 0 ? 0 : terms[index - 1]);
  }
  for (let index = snapshotIndex + 1; index <= terms.length; index++) {
    const term = terms[index - 1]!;
    expect(log.command(index)).toBe(`c${index}`);
    expect(log.firstOfTerm(index)).toBe(snapshotIndex + 1 + own.indexOf(term));
  }
  const known = [0, ...terms].slice(snapshotIndex);
  for (let term = 0; term <= (terms.at(-1) ?? 0) + 1; term++) {
    const last = known.lastIndexOf(term);
    expect(log.lastOfTerm(term)).toBe(last < 0 ? undefined : snapshotIndex + last);
  }
}

test('a log is what a plain list of all entries says, after any changes', () => {
  const property = fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
    const log = new Log(0, 0, []);
    const model: Model = { terms: [], snapshotIndex: 0, truncations: 0 };
    for (const each of changes) {
      carryOut(log, model, each);
      compare(log, model);
    }
  });
  fc.assert(property, { numRuns: 200 });
});

test('a log begins after the snapshot that it is given', () => {
  const log = new Log(4, 2, [{ term: 3, command: 'x' }]);
  expect(log).toMatchObject({ lastIndex: 5, lastTerm: 3 });
  expect([3, 4, 5, 6].map((index) => log.term(index))).toEqual([undefined, 2, 3, undefined]);
  expect(new Log(4, 2, [])).toMatchObject({ lastIndex: 4, lastTerm: 2 });
});
