import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SubmitResult } from './contract.ts';
import type { Waiting } from './rules.ts';
import { WaitingRoom } from './waiting-room.ts';

const ok = (waiting: Waiting): SubmitResult => ({ err: 'OK', result: waiting.id, index: 1 });

type Step =
  | { readonly do: 'enter'; readonly index: number; readonly term: number }
  | { readonly do: 'answer at'; readonly index: number }
  | { readonly do: 'answer before'; readonly term: number };

const small = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('enter' as const), index: small, term: small }),
  fc.record({ do: fc.constant('answer at' as const), index: small }),
  fc.record({ do: fc.constant('answer before' as const), term: small }),
);

describe('a waiting room', () => {
  test('answers everybody for whom there is an answer, once, and nobody else', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const room = new WaitingRoom();
        const waiting = new Map<string, Waiting>();
        const answered: string[] = [];
        let expected: string[] = [];
        const leave = (who: (each: Waiting) => boolean): void => {
          const leaving = [...waiting.values()].filter(who).map(({ id }) => id);
          for (const id of leaving) waiting.delete(id);
          expected = [...expected, ...leaving];
        };
        for (const [i, next] of steps.entries()) {
          if (next.do === 'enter') {
            const each = { id: `w${i}`, index: next.index, term: next.term };
            waiting.set(each.id, each);
            room.enter(each, (result) => {
              expect(result).toEqual(ok(each));
              answered.push(each.id);
            });
          } else if (next.do === 'answer at') {
            leave(({ index }) => index === next.index);
            room.answerAt(next.index, ok);
          } else {
            leave(({ term }) => term < next.term);
            room.answerWhere((each) => (each.term < next.term ? ok(each) : undefined));
          }
          expect(answered.toSorted()).toEqual(expected.toSorted());
          expect(room.isEmpty).toBe(waiting.size === 0);
        }
      }),
    );
  });

  test.each([
    { by: 'index', leave: (room: WaitingRoom) => room.answerAt(1, ok) },
    {
      by: 'any sign',
      leave: (room: WaitingRoom) => room.answerWhere((w) => (w.index < 3 ? ok(w) : undefined)),
    },
  ])(
    'who enters while others are answered by $by waits for an answer of their own',
    ({ leave }) => {
      const room = new WaitingRoom();
      const answered: string[] = [];
      const enter = (id: string, index: number, done?: () => void): void =>
        room.enter({ id, index, term: 1 }, () => {
          answered.push(id);
          done?.();
        });
      enter('first', 1, () => {
        enter('new at 1', 1);
        enter('new at 2', 3);
      });
      enter('second', 1);
      leave(room);
      expect(answered).toEqual(['first', 'second']);
      expect(room.isEmpty).toBe(false);
      room.answerWhere(ok);
      expect(answered).toEqual(['first', 'second', 'new at 1', 'new at 2']);
      expect(room.isEmpty).toBe(true);
    },
  );

  test('answers in the order in which they came', () => {
    const room = new WaitingRoom();
    const answered: string[] = [];
    for (const id of ['a', 'b', 'c']) {
      room.enter({ id, index: 7, term: 1 }, () => void answered.push(id));
    }
    room.answerAt(6, ok);
    expect(answered).toEqual([]);
    room.answerAt(7, ok);
    expect(answered).toEqual(['a', 'b', 'c']);
  });
});
