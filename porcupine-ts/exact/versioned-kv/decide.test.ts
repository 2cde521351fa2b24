import { describe, expect, test } from 'vitest';
import { checkOperations } from '../../check.ts';
import { versionedKvLabModel } from '../../models/versioned-kv-lab.ts';
import type {
  VersionedKvOperation,
  VersionedPutOutput,
} from '../../models/versioned-kv-operation.ts';
import { versionedKvModel } from '../../models/versioned-kv.ts';
import { done, pending } from '../../testing/build-history.ts';

type Times = readonly [client: number, call: number, end: number];

/** A get that saw a version, of the value that is usual here: `v3` for version 3. */
const get = (
  [client, call, end]: Times,
  version: number,
  value: string = version === 0 ? '' : `v${version}`,
): VersionedKvOperation =>
  done(client, call, end, { op: 'get', key: 'x' }, {
    value,
    version,
    err: version === 0 ? 'ErrNoKey' : 'OK',
  } as const);

const put = (
  [client, call, end]: Times,
  version: number,
  err: VersionedPutOutput['err'] = 'OK',
  value: string = `v${version + 1}`,
): VersionedKvOperation =>
  done(client, call, end, { op: 'put', key: 'x', value, version }, { err });

const open = (client: number, call: number, version: number): VersionedKvOperation =>
  pending(client, call, { op: 'put', key: 'x', value: `v${version + 1}`, version });

/** Puts of client 0 that create the versions 1 to `count`, each in 10 units of time. */
const versions = (count: number): VersionedKvOperation[] =>
  Array.from({ length: count }, (_, index) => put([0, 10 * index, 10 * index + 5], index));

/** The reason in the strict model; or `ok` or, by the general search, its verdict. */
function strict(...history: readonly VersionedKvOperation[]): string {
  const { verdict, steps, violation } = checkOperations(versionedKvModel, history);
  expect(steps).toBe(0);
  return violation?.reason ?? verdict;
}

function lab(...history: readonly VersionedKvOperation[]): string {
  const { verdict, steps, violation } = checkOperations(versionedKvLabModel, history);
  return steps > 0 ? `searched: ${verdict}` : (violation?.reason ?? verdict);
}

describe('single answers', () => {
  test('that are right for no state', () => {
    expect(strict(get([1, 0, 1], 0, 'a'))).toBe(
      'client 1\'s get of key "x" answered ErrNoKey with value "a" and version 0, which is never ' +
        'right',
    );
    expect(strict(put([1, 0, 1], 0, 'ErrNoKey'))).toBe(
      'client 1\'s put at version 0 of key "x" was refused with ErrNoKey, but a put at version 0 ' +
        'creates the key',
    );
    expect(lab(put([1, 0, 1], 4, 'ErrNoKey'))).toContain('the official tests expect ErrVersion');
  });

  test('about versions that do not come to be, however large their numbers', () => {
    expect(strict(...versions(1), get([1, 20, 21], 2 ** 40))).toBe(
      'client 1 read version 1099511627776 of key "x", which nobody wrote',
    );
    expect(strict(...versions(1), put([1, 20, 21], 2 ** 40))).toBe(
      'client 1\'s put at version 1099511627776 of key "x" was OK, but nobody wrote version ' +
        '1099511627776',
    );
    const refused = [put([1, 20, 21], 2 ** 40, 'ErrVersion'), put([2, 20, 21], -1, 'ErrMaybe')];
    expect(strict(...versions(1), ...refused)).toBe('ok');
  });
});

describe('gets', () => {
  test('see the version before or after a put that is open', () => {
    const history = [...versions(1), put([1, 10, 20], 1), get([2, 11, 12], 2), get([3, 13, 14], 2)];
    expect(strict(...history)).toBe('ok');
    expect(strict(...history, get([4, 11, 12], 1))).toBe('ok');
    expect(strict(...history, get([4, 13, 14], 1))).toBe(
      'client 4 read version 1 of key "x" (called at 13) after client 2 had read version 2 ' +
        '(returned at 12)',
    );
  });

  test('of one version have the value that was written', () => {
    expect(strict(...versions(2), get([1, 20, 21], 2, 'b'))).toBe(
      'client 1 read value "b" at version 2 of key "x", but client 0 wrote "v2"',
    );
    expect(strict(open(0, 0, 0), get([1, 5, 6], 1), get([2, 5, 6], 1, 'b'))).toBe(
      'client 1 read value "v1" at version 1 of key "x", but client 2 read "b" at the same version',
    );
    expect(strict(open(0, 0, 0), get([1, 5, 6], 1, 'b'))).toBe(
      'client 1 read value "b" at version 1 of key "x", but the only put that may have written ' +
        'it, ' +
        'by client 0, had "v1"',
    );
  });

  test('see nothing that was not written yet, or never', () => {
    expect(strict(put([0, 5, 6], 0), get([1, 1, 3], 1))).toBe(
      'client 1 read version 1 of key "x" (returned at 3) before the put that wrote version 1, ' +
        'by client 0, was called (at 5)',
    );
    expect(strict(...versions(1), get([1, 6, 7], 2))).toBe(
      'client 1 read version 2 of key "x", which nobody wrote',
    );
    expect(strict(...versions(1), put([1, 6, 7], 2), get([1, 8, 9], 3))).toBe(
      'client 1\'s put at version 2 of key "x" was OK, but nobody wrote version 2',
    );
  });

  test('find a key that exists', () => {
    expect(strict(...versions(1), get([1, 7, 8], 0))).toBe(
      'client 1 found no key "x" (called at 7) after client 0\'s put at version 0 had been OK ' +
        '(returned at 5)',
    );
    expect(lab(...versions(1), get([1, 7, 8], 0))).toContain('client 1 read "" (version 0) of key');
  });
});

describe('puts', () => {
  test('create a version once', () => {
    expect(strict(put([3, 0, 9], 0), put([7, 1, 5], 0, 'OK', 'b'))).toBe(
      'two OK puts at version 0 of key "x": by client 3 (called at 0, returned at 9) and client ' +
        '7 ' +
        '(called at 1, returned at 5)',
    );
  });

  test('come one after another', () => {
    expect(strict(put([1, 10, 12], 0), put([2, 5, 8], 1))).toBe(
      'client 2\'s put at version 1 of key "x" was OK (returned at 8) before the put that wrote ' +
        'version 1, by client 1, was called (at 10)',
    );
  });

  test('are refused with ErrVersion before or after their version, but not during it', () => {
    const during = (call: number, end: number) =>
      strict(...versions(3), put([1, call, end], 2, 'ErrVersion'));
    expect(during(5, 14)).toBe('ok');
    expect(during(17, 22)).toBe('ok');
    expect(during(16, 18)).toBe(
      'client 1\'s put at version 2 of key "x" was refused with ErrVersion (called at 16, ' +
        'returned ' +
        "at 18), but the key was at version 2 all the time: client 0's put at version 1 had been " +
        'OK (returned at 15), and client 0 wrote version 3 (called at 20)',
    );
    expect(strict(...versions(2), put([1, 16, 18], 2, 'ErrVersion'))).toMatch(
      /returned at 15\), and nobody else wrote version 3$/,
    );
    expect(
      strict(...versions(1), open(5, 6, 1), put([1, 7, 8], 1, 'ErrVersion'), get([2, 9, 10], 1)),
    ).toContain('client 2 still saw version 1 (called at 9)');
  });

  test('are refused with ErrVersion by a key that exists, in the strict model', () => {
    const early = [put([1, 0, 2], 7, 'ErrVersion'), put([0, 3, 4], 0)];
    expect(strict(...early)).toBe(
      'client 1\'s put at version 7 of key "x" was refused with ErrVersion (returned at 2) ' +
        'before ' +
        'the put that wrote version 1, by client 0, was called (at 3)',
    );
    expect(lab(...early)).toBe('ok');
    expect(strict(put([1, 0, 2], 7, 'ErrVersion'))).toContain('but nobody wrote version 1');
    // Before version 1 there was no key, so it has to have been left.
    const first = [put([0, 0, 9], 0), put([1, 1, 8], 1, 'ErrVersion')];
    expect(strict(...first)).toContain('but the key was at no later version yet');
    expect(lab(...first)).toBe('ok');
    expect(lab(put([1, 0, 2], 0, 'ErrVersion'))).toContain('there was no such key all the time');
  });

  test('are told ErrNoKey only before the key exists', () => {
    const told = (call: number) => strict(...versions(2), put([1, call, 30], 2, 'ErrNoKey'));
    expect(told(5)).toBe('ok');
    expect(told(6)).toBe(
      'client 1\'s put at version 2 of key "x" was refused with ErrNoKey (called at 6) after ' +
        "client 0's put at version 0 had been OK (returned at 5)",
    );
  });
});

describe('puts of unknown effect', () => {
  test('may have had it or not, and are chosen by the value that was read', () => {
    const either = [put([1, 0, 5], 0, 'ErrMaybe', 'a'), put([2, 0, 5], 0, 'ErrMaybe', 'b')];
    expect(strict(...either, get([3, 6, 7], 1, 'b'), put([3, 8, 9], 1))).toBe('ok');
    // Version 0 has to be left, by one of them.
    expect(strict(...either, get([3, 6, 7], 0))).toContain('there was no such key all the time');
    expect(strict(...either, get([3, 6, 7], 1, 'c'))).toContain(
      'but the 2 puts that may have written it had other values',
    );
  });

  test('have it before they return, but at any time if they are pending', () => {
    const late = [get([2, 6, 7], 0), get([2, 8, 9], 1)];
    expect(strict(open(1, 0, 0), ...late)).toBe('ok');
    expect(strict(put([1, 0, 5], 0, 'ErrMaybe'), ...late)).toBe(
      'client 2 found no key "x" (called at 6) after the last put that may have written version ' +
        '1, ' +
        'by client 1, had ended (returned at 5); and client 2 read version 1 of key "x"',
    );
    const noOutput = { clientId: 1, call: 0, return: 5, input: put([1, 0, 5], 0).input };
    expect(strict(noOutput, ...late)).toContain('had ended (returned at 5)');
  });

  test('that leave no place only together are named, with what they bound', () => {
    const history = [
      put([0, 0, 5], 0),
      // Version 1 was there before: so it was left by 18.
      put([1, 10, 18], 1, 'ErrMaybe', 'a'),
      put([2, 8, 40], 1),
      // Version 3 was created later: so version 2 was not there by 20.
      put([3, 20, 21], 2, 'ErrVersion'),
      put([4, 22, 50], 2),
    ];
    const { violation } = checkOperations(versionedKvModel, history);
    expect(violation?.kind).toBe('no place for a transition');
    expect(violation?.operations).toEqual([3, 4, 1, 2]);
    expect(violation?.reason).toBe(
      'no place for the transition to version 3 of key "x": version 2 was created between 8 and ' +
        '18; ' +
        'client 3\'s put at version 2 of key "x" was refused with ErrVersion (called at 20, ' +
        'returned at 21); client 4 wrote version 3 (called at 22, returned at 50); ' +
        'client 1\'s put at version 1 of key "x" answered ErrMaybe (called at 10, returned at ' +
        '18); ' +
        'client 2\'s put at version 1 of key "x" was OK (called at 8, returned at 40)',
    );
  });
});

describe("the lab's gets, which tell only the value", () => {
  test('tell the version if every value was written at one version', () => {
    const stale = [...versions(2), get([1, 16, 17], 1)];
    expect(lab(...stale)).toBe(
      'client 1 read "v1" (version 1) of key "x" (called at 16) after client 0\'s put at version ' +
        '1 ' +
        'had been OK (returned at 15)',
    );
    expect(lab(...versions(2), get([1, 16, 17], 7, 'v2'))).toBe('ok');
    expect(lab(...versions(2), get([1, 16, 17], 2, 'c'))).toBe(
      'client 1 read "c" of key "x", which nobody wrote',
    );
  });

  test('are left to the general search otherwise', () => {
    const twice = [put([0, 0, 1], 0, 'OK', 'a'), put([0, 2, 3], 1, 'OK', 'a')];
    expect(lab(...twice)).toBe('ok');
    expect(lab(...twice, get([1, 4, 5], 2, 'a'))).toBe('searched: ok');
    expect(lab(put([0, 0, 1], 0, 'OK', ''), get([1, 4, 5], 0))).toBe('searched: ok');
  });
});

test('pending puts are in the order only if they are needed', () => {
  const history = [open(1, 0, 0), open(2, 0, 0), get([3, 2, 3], 1), put([3, 4, 5], 1, 'ErrMaybe')];
  const { linearization } = checkOperations(versionedKvModel, history);
  expect(linearization).toEqual([[expect.any(Number), 2, 3]]);
});
