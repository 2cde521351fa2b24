/** The laws that a queue served in order of arrival obeys, for any arrivals and any servers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServiceQueue } from './service-queue.ts';

interface Piece {
  readonly from: number;
  readonly us: number;
}

interface Served extends Piece {
  readonly start: number;
  readonly end: number;
}

/** Pieces in their order of arrival: crowded, so that most of them have to wait. */
const anyPieces: fc.Arbitrary<Piece[]> = fc
  .array(fc.record({ from: fc.nat(200), us: fc.nat(60) }), {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  })
  .map((pieces) => pieces.toSorted((a, b) => a.from - b.from));
const anyServers = fc.integer({ min: 1, max: 5 });

function serveAll(servers: number, pieces: readonly Piece[]): Served[] {
  const queue = new ServiceQueue(servers);
  return pieces.map(({ from, us }) => {
    const end = queue.serve(from, us);
    return { from, us, start: end - us, end };
  });
}

/** How many are being served at an instant. */
const servedAt = (all: readonly Served[], at: number): number =>
  all.filter(({ start, end }) => start <= at && at < end).length;

describe('a queue of one server or several', () => {
  test('serves first who came first, and nobody before it came', () => {
    fc.assert(
      fc.property(anyServers, anyPieces, (servers, pieces) => {
        const served = serveAll(servers, pieces);
        for (const [i, { from, start }] of served.entries()) {
          expect(start).toBeGreaterThanOrEqual(from);
          if (i > 0) expect(start).toBeGreaterThanOrEqual(served[i - 1]!.start);
        }
      }),
    );
  });

  test('never serves more than it has servers, and lets none idle while somebody waits', () => {
    let waited = 0;
    fc.assert(
      fc.property(anyServers, anyPieces, (servers, pieces) => {
        const served = serveAll(servers, pieces);
        for (const { from, start } of served) {
          expect(servedAt(served, start)).toBeLessThanOrEqual(servers);
          const waiting = Array.from({ length: start - from }, (_, i) =>
            servedAt(served, from + i),
          );
          expect(waiting.every((count) => count === servers)).toBe(true);
          if (start > from) waited++;
        }
      }),
    );
    expect(waited).toBeGreaterThan(500);
  });

  test('takes for all that is there at once the sum of it, shared among its servers', () => {
    fc.assert(
      fc.property(
        anyServers,
        fc.integer({ min: 1, max: 50 }),
        fc.nat(30),
        (servers, us, rounds) => {
          const pieces = Array.from({ length: servers * rounds }, () => ({ from: 7, us }));
          const ends = serveAll(servers, pieces).map(({ end }) => end);
          expect(Math.max(7, ...ends)).toBe(7 + rounds * us);
        },
      ),
    );
  });

  test('leaves other servers to those who come before work that is known early', () => {
    const queue = new ServiceQueue(2);
    expect(queue.serve(0, 10)).toBe(10);
    // Known at 0, there at 10: behind the piece that asked for it.
    expect(queue.serve(10, 100)).toBe(110);
    expect(queue.serve(1, 5)).toBe(6);
    expect(queue.serve(6, 5)).toBe(11);
  });
});
