import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import { checkEvents, checkEventsAsync } from '../check-events.ts';
import { registerModel, type RegisterInput, type RegisterOutput } from '../models/register.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { randomSource } from '../testing/random-source.ts';
import { register } from '../testing/workloads.ts';
import { type CallEvent, type Event, operationsOf, type ReturnEvent } from './events.ts';
import { HistoryError } from './history-error.ts';
import type { Operation } from './operation.ts';

type RegisterEvent = Event<RegisterInput, RegisterOutput>;

const write = (clientId: number, id: string, value: string): CallEvent<RegisterInput> => ({
  clientId,
  kind: 'call',
  id,
  value: { op: 'write', value },
});
const read = (clientId: number, id: string): CallEvent<RegisterInput> => ({
  clientId,
  kind: 'call',
  id,
  value: { op: 'read' },
});
const returned = (
  clientId: number,
  id: string,
  value?: RegisterOutput,
): ReturnEvent<RegisterOutput> => ({
  clientId,
  kind: 'return',
  id,
  ...(value === undefined ? {} : { value }),
});

describe('a history of events', () => {
  test('becomes operations by call, with the places of the events as stamps', () => {
    const events = [
      write(1, 'w', 'a'),
      read(2, 'r'),
      { ...returned(2, 'r', { value: 'a' }), metadata: 'late' },
      { ...read(2, 's'), metadata: 'lost' },
      returned(1, 'w'),
    ];
    expect(operationsOf(events)).toEqual([
      { clientId: 1, input: { op: 'write', value: 'a' }, call: 0, return: 4 },
      {
        clientId: 2,
        input: { op: 'read' },
        output: { value: 'a' },
        call: 1,
        return: 2,
        metadata: 'late',
      },
      { clientId: 2, input: { op: 'read' }, call: 3, metadata: 'lost' },
    ]);
  });

  test('is judged like its operations', async () => {
    const seen = [write(1, 'w', 'a'), read(2, 'r'), returned(2, 'r', { value: 'a' })];
    expect(checkEvents(registerModel, seen).verdict).toBe('ok');
    const unseen = [
      ...[write(1, 'w', 'a'), returned(1, 'w', {})],
      ...[read(2, 'r'), returned(2, 'r', { value: null })],
    ];
    const { verdict, violation } = checkEvents(registerModel, unseen);
    expect(verdict).toBe('illegal');
    expect(violation?.operation).toMatchObject({ call: 2, return: 3 });
    expect((await checkEventsAsync(registerModel, unseen)).verdict).toBe('illegal');
  });

  test('a call without return is pending, and its client may go on', () => {
    const events = (value: string): RegisterEvent[] => [
      ...[write(1, 'lost', 'a'), write(1, 'w', 'b'), returned(1, 'w', {})],
      ...[read(1, 'r'), returned(1, 'r', { value })],
    ];
    expect(checkEvents(registerModel, events('a')).verdict).toBe('ok');
    expect(checkEvents(registerModel, events('b')).verdict).toBe('ok');
    expect(checkEvents(registerModel, events('c')).verdict).toBe('illegal');
  });

  test('is the same history as that of its operations', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const workload = register({ keys: 2, values: 2 });
        const random = randomSource(seed);
        const options = { operations: 12, clients: 3, pendingPercent: 10 };
        const history = closedLoop(workload, options, random);
        history[0] = { ...history[0]!, input: { op: 'write', key: 'k0', value: 'v1' } };
        const { verdict } = checkEvents(registerModel, eventsOf(history));
        expect(verdict).toBe(checkOperations(registerModel, history).verdict);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

/** The calls and returns, by stamp; the stamps must be distinct. */
function eventsOf(history: readonly Operation<RegisterInput, RegisterOutput>[]): RegisterEvent[] {
  const stamped = history.flatMap(({ clientId, input, output, call, return: end }, id) => {
    const begin = { at: call, event: { clientId, kind: 'call', id, value: input } as const };
    if (end === undefined) return [begin];
    return [begin, { at: end, event: { clientId, kind: 'return', id, value: output } as const }];
  });
  return stamped.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

describe('events that cannot have happened are refused, with their place', () => {
  const refusal = (...events: readonly RegisterEvent[]): string => {
    try {
      checkEvents(registerModel, events);
    } catch (error) {
      expect(error).toBeInstanceOf(HistoryError);
      const { event, message } = error as HistoryError;
      expect(message).toContain(`event ${event}: `);
      return message;
    }
    return 'none';
  };
  const fine = [write(1, 'w', 'a'), returned(1, 'w', {})];

  test('a return without a call', () => {
    expect(refusal(...fine, returned(2, 'r', {}))).toBe(
      'event 2: id "r" returns, but was not called before',
    );
    expect(refusal(returned(1, 'w', {}), write(1, 'w', 'a'))).toContain('event 0: ');
  });

  test('two calls with one id', () => {
    expect(refusal(...fine, read(2, 'w'))).toBe('event 2: id "w" was called before, by event 0');
  });

  test('two returns with one id', () => {
    expect(refusal(...fine, returned(1, 'w', {}))).toBe(
      'event 2: id "w" returned before, by event 1',
    );
  });

  test('a return to another client', () => {
    expect(refusal(write(1, 'w', 'a'), returned(2, 'w', {}))).toBe(
      'event 1: id "w" returns to client 2, but client 1 called it, by event 0',
    );
  });

  test('a client with two open calls that return', () => {
    expect(refusal(write(1, 'w', 'a'), read(1, 'r'), returned(1, 'w', {}))).toBe(
      'event 1: client 1 calls, but its call of event 0 returns only at event 2; ' +
        'a client calls one operation at a time',
    );
  });

  test('what is no event', () => {
    expect(refusal({ ...read(1, 'r'), kind: 'invoke' } as never)).toBe(
      'event 0: kind must be "call" or "return", not invoke',
    );
    expect(refusal({ ...read(1, 'r'), id: undefined } as never)).toContain('event 0: id must be');
    expect(refusal(...fine, read(Number.NaN, 'r'))).toContain('event 2: clientId must be');
  });
});
