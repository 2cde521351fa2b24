import { describe, expect, test } from 'vitest';
import type { Annotation } from './annotation.ts';
import { checkOperations } from './check.ts';
import type { Operation } from './history/operation.ts';
import {
  annotate,
  linearizationInfo,
  type DescribedPart,
  type InfoLimits,
} from './linearization-info.ts';
import { registerModel, type RegisterInput, type RegisterOutput } from './models/register.ts';
import { versionedKvModel } from './models/versioned-kv.ts';
import { done, pending } from './testing/build-history.ts';
import { randomSource } from './testing/random-source.ts';
import { harmedHistory } from './testing/versioned-kv-history.ts';

type Register = Operation<RegisterInput, RegisterOutput>;

const write = (value: string, key = 'x'): RegisterInput => ({ op: 'write', key, value });
const read = (key = 'x'): RegisterInput => ({ op: 'read', key });

const history: readonly Register[] = [
  { ...done(1, 0, 1, write('a'), {}), metadata: { line: 7 } },
  done(2, 2, 5, write('b'), {}),
  done(3, 3, 4, read(), { value: 'c' }),
  pending(4, 0, write('z', 'y')),
];
const result = checkOperations(registerModel, history, { verbose: true });
const model = {
  ...registerModel,
  describeOperationMetadata: (metadata: unknown): string =>
    `line ${(metadata as { readonly line: number }).line}`,
};

describe('the data of a picture', () => {
  const info = linearizationInfo(model, history, result);

  test('says all in words, and is plain JSON', () => {
    expect(info).toEqual({
      model: 'register',
      verdict: 'illegal',
      steps: result.steps,
      operations: [
        { clientId: 1, call: 0, return: 1, description: 'write("x", "a")', metadata: 'line 7' },
        { clientId: 2, call: 2, return: 5, description: 'write("x", "b")' },
        { clientId: 3, call: 3, return: 4, description: 'read("x") -> "c"' },
        { clientId: 4, call: 0, description: 'write("y", "z")' },
      ],
      parts: [
        {
          key: 'x',
          verdict: 'illegal',
          operations: [0, 1, 2],
          violation: {
            operation: 2,
            operations: [2],
            kind: 'value that nobody wrote',
            reason: result.violation!.reason,
          },
          states: ['null', '"a"', '"b"'],
          partialLinearizations: [{ operations: [0, 1], states: [1, 2], illegalNext: [2] }],
        },
        {
          key: 'y',
          verdict: 'ok',
          operations: [3],
          states: ['null'],
          partialLinearizations: [{ operations: [], states: [], illegalNext: [] }],
        },
      ],
      annotations: [],
    });
    expect(JSON.parse(JSON.stringify(info))).toEqual(info);
  });

  test('shows what is illegal from the start', () => {
    const lost = [done(1, 0, 1, read(), { value: 'a' })];
    const verbose = checkOperations(registerModel, lost, { verbose: true });
    expect(linearizationInfo(model, lost, verbose).parts).toMatchObject([
      { partialLinearizations: [{ operations: [], states: [], illegalNext: [0] }] },
    ]);
  });

  test('needs a verbose result', () => {
    const terse = checkOperations(registerModel, history);
    expect(() => linearizationInfo(model, history, terse)).toThrow('verbose: true');
  });

  test('says why nothing is known', () => {
    const unknown = checkOperations(registerModel, history, {
      verbose: true,
      algorithm: 'search',
      maxSteps: 0,
    });
    expect(linearizationInfo(model, history, unknown)).toMatchObject({
      verdict: 'unknown',
      reason: 'steps',
      parts: [{ verdict: 'unknown', partialLinearizations: [] }, { verdict: 'unknown' }],
    });
  });

  test('describes metadata as JSON where the model does not', () => {
    const [first, second] = linearizationInfo(registerModel, history, result).operations;
    expect(first).toMatchObject({ metadata: '{"line":7}' });
    expect(second).not.toHaveProperty('metadata');
  });
});

describe('annotations', () => {
  const crash: Annotation = {
    tag: 'servers',
    start: 2,
    end: 3,
    description: 'crash',
    details: 'server 0 restarts',
    textColor: '#fff',
    backgroundColor: 'rgb(255 0 0 / 50%)',
  };
  const note: Annotation = { clientId: 1, start: 1, description: 'note' };

  test('are carried as they are, and more can be added', () => {
    const info = linearizationInfo(model, history, result, [crash]);
    expect(info.annotations).toEqual([crash]);
    expect(annotate(info, [note]).annotations).toEqual([crash, note]);
    expect(info.annotations).toEqual([crash]);
  });

  test.each<[object, string]>([
    [{ ...note, tag: 'both' }, 'exactly one of clientId and tag'],
    [{ start: 1, description: 'neither' }, 'exactly one of clientId and tag'],
    [{ ...note, clientId: Number.NaN }, 'clientId must be'],
    [{ ...note, start: '1' }, 'start must be a finite number, not 1'],
    [{ ...note, end: Infinity }, 'end must be a finite number, not Infinity'],
    [{ ...note, end: 0 }, 'end 0 is before start 1'],
    [{ ...note, description: undefined }, 'description must be a string'],
    [{ ...crash, tag: 7 }, 'tag must be a string'],
    [{ ...note, details: 7 }, 'details must be a string'],
    [{ ...note, textColor: 'red;} body {' }, 'textColor must be a CSS colour, not "red;} body {"'],
    [{ ...note, backgroundColor: 'url(x)' }, 'backgroundColor must be a CSS colour'],
  ])('%j is refused', (annotation, problem) => {
    const annotations = [crash, annotation as Annotation];
    expect(() => linearizationInfo(model, history, result, annotations)).toThrow(
      `annotation 1: ${problem}`,
    );
  });
});

describe('limits', () => {
  const limited = (limits: InfoLimits): readonly DescribedPart[] =>
    linearizationInfo(model, history, result, [], limits).parts;

  test('states beyond them are left out, and said to be', () => {
    const { states, partialLinearizations } = limited({ stateCharacters: 5 })[0]!;
    expect(states).toEqual(['null', '"a"']);
    expect(partialLinearizations[0]!.states).toEqual([1, -1]);
  });

  test('of the partial linearizations the longest is kept in any case', () => {
    const options = { operations: 30, clients: 6 };
    const variety = { keys: 1, values: 2, flavour: 'strict' } as const;
    const conflict = harmedHistory(variety, options, randomSource(67));
    const found = checkOperations(versionedKvModel, conflict, { verbose: true });
    const lengths = (places?: number): number[] =>
      linearizationInfo(versionedKvModel, conflict, found, [], {
        places: places ?? Infinity,
      }).parts[0]!.partialLinearizations.map(({ operations }) => operations.length);
    const all = lengths();
    expect(all.length).toBeGreaterThan(1);
    expect(lengths(0)).toEqual([all[0]]);
    expect(lengths(all[0]! + all[1]!)).toEqual(all.slice(0, 2));
  });
});
