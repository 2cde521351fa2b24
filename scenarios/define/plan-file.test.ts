import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { makePlan } from '../runner/make-plan.ts';
import type { Plan } from './plan.ts';
import { FileError } from './file-error.ts';
import { parseFaults, parsePlan } from './plan-file.ts';
import { Registry } from './registry.ts';

const registry = new Registry(packs);
const drawn = (): Plan => makePlan(registry.scenario('kv/chaos'), '3');

/** The text of a plan with one change. */
function changed(change: (plan: Record<string, unknown>) => void): string {
  const plan = structuredClone(drawn()) as unknown as Record<string, unknown>;
  change(plan);
  return JSON.stringify(plan);
}

describe('a plan that can be read', () => {
  test.each(registry.scenarios.map(({ name }) => name))('one of %s, as drawn', (name) => {
    const plan = makePlan(registry.scenario(name), '3');

    expect(parsePlan(JSON.stringify(plan), 'plan.json')).toEqual(plan);
  });

  test('one with every kind of fault, override and code', () => {
    const text = changed((plan) => {
      plan['faults'] = [
        { id: 'p', kind: 'partition', atMs: 1, untilMs: 2, groups: [['server'], ['c0', 'c1']] },
        { id: 'c', kind: 'crash', atMs: 1, node: 'server' },
        { id: 's', kind: 'disk-slow', atMs: 1, node: 'server', extraMs: [1, 5] },
        { id: 'e', kind: 'disk-error', atMs: 1, node: 'server', ops: ['read'], ppm: 9 },
        { id: 'o', kind: 'disk-full', atMs: 1, node: { label: 'zone', is: 'a' } },
        { id: 'r', kind: 'bit-rot', atMs: 1, node: ['server'], ppm: 1 },
        { id: 'm', kind: 'misdirected-write', atMs: 1, node: 'server', ppm: 1 },
        { id: 'g', kind: 'stale-read', atMs: 1, node: 'server', ppm: 1 },
        { id: 'd', kind: 'delay', atMs: 0, untilMs: 9, between: ['c0', 'server'], extraMs: [1, 5] },
      ];
      plan['overrides'] = [
        { link: 'c0>server', type: 'get', n: 0, fate: 'drop' },
        { link: 'c0>server', type: 'get', n: 1, fate: 'duplicate' },
        { link: 'server>c0', type: 'get.reply', n: 0, fate: { delayUs: 7 } },
      ];
      plan['code'] = { impl: 'x.ts', hash: 'abc' };
    });

    expect(parsePlan(text, 'plan.json')).toEqual(JSON.parse(text));
  });

  test('one from before there were profiles of disks: they are perfect', () => {
    const text = changed((plan) => delete plan['disk']);

    expect(parsePlan(text, 'plan.json').disk).toBe('perfect');
  });

  test('one from before there was hardware: it is ideal', () => {
    const text = changed((plan) => delete plan['hardware']);

    expect(parsePlan(text, 'plan.json').hardware).toBe('ideal');
  });
});

describe('a plan that cannot be read is refused with file, field and expected form', () => {
  const cases: readonly [string, (plan: Record<string, unknown>) => void, string][] = [
    [
      'of a newer format',
      (plan) => (plan['format'] = 2),
      'p.json: format 2 is newer than this Faultlab reads (1): update it',
    ],
    ['without a format', (plan) => delete plan['format'], 'p.json: format: '],
    ['of another kind', (plan) => (plan['kind'] = 'history'), 'p.json: not a plan: expected {'],
    [
      'without clients',
      (plan) => delete plan['clients'],
      'p.json: clients: Invalid input: expected array, received undefined',
    ],
    [
      'with a stream seed that is a number',
      (plan) => (plan['streamSeed'] = 5),
      'p.json: streamSeed: Invalid input: expected string, received number',
    ],
    ['with a field too many', (plan) => (plan['extra'] = 1), 'p.json: Unrecognized key: "extra"'],
    [
      'with an order of ties that is none',
      (plan) => (plan['ties'] = 'lifo'),
      'p.json: ties: Invalid option: expected one of "fifo"|"random"',
    ],
    [
      'with a fault of no kind',
      (plan) => (plan['faults'] = [{ id: 'x', kind: 'flood', atMs: 0 }]),
      'p.json: faults[0].kind: ',
    ],
    [
      'with a fault without a time',
      (plan) => (plan['faults'] = [{ id: 'x', kind: 'crash', node: 'server' }]),
      'p.json: faults[0].atMs: Invalid input: expected number, received undefined',
    ],
    [
      'with a fault before time began',
      (plan) => (plan['faults'] = [{ id: 'x', kind: 'crash', node: 'server', atMs: -1 }]),
      'p.json: faults[0].atMs: Too small',
    ],
    [
      'with a fault that misspells a field',
      (plan) => (plan['faults'] = [{ id: 'x', kind: 'crash', node: 's', atMs: 1, untilMS: 2 }]),
      'p.json: faults[0]: Unrecognized key: "untilMS"',
    ],
    [
      'with a link that is none',
      (plan) => (plan['overrides'] = [{ link: 'c0', type: 'get', n: 0, fate: 'drop' }]),
      'p.json: overrides[0].link: expected "from>to"',
    ],
    [
      'with a delay beyond virtual time',
      (plan) =>
        (plan['overrides'] = [{ link: 'a>b', type: 'get', n: 0, fate: { delayUs: 2 ** 53 - 1 } }]),
      'p.json: overrides[0].fate.delayUs: Too big',
    ],
    [
      'with a fate that is none',
      (plan) => (plan['overrides'] = [{ link: 'a>b', type: 'get', n: 0, fate: 'burn' }]),
      'p.json: overrides[0].fate: ',
    ],
    [
      'with an intent that means nothing',
      (plan) => (plan['clients'] = [{ id: 'c0', settings: {}, intents: [{ key: 'k' }] }]),
      'p.json: clients[0].intents[0].op: Invalid input: expected string',
    ],
  ];

  test.each(cases)('one %s', (_what, change, message) => {
    const parse = (): Plan => parsePlan(changed(change), 'p.json');

    expect(parse).toThrow(FileError);
    expect(parse).toThrow(message);
  });

  test.each(['', '{', 'plan'])('text that is no JSON: %j', (text) => {
    expect(() => parsePlan(text, 'p.json')).toThrow(/^p\.json: expected JSON: /);
  });

  test.each(['null', '[]', '5', '"plan"'])('JSON that is no object: %s', (text) => {
    expect(() => parsePlan(text, 'p.json')).toThrow(/^p\.json: not a plan: expected \{/);
  });

  test('several faults at once, five at most', () => {
    const text = JSON.stringify({ format: 1, kind: 'plan' });
    let message = '';
    try {
      parsePlan(text, 'p.json');
    } catch (error) {
      message = (error as Error).message;
    }

    expect(message.split('; ')).toHaveLength(5);
  });
});

describe('fault actions of their own', () => {
  const faults = [{ id: 'c', kind: 'crash', atMs: 1, untilMs: 3, node: 'server' }];

  test('an array of them', () => {
    expect(parseFaults(JSON.stringify(faults), 'f.json')).toEqual(faults);
    expect(parseFaults('[]', 'f.json')).toEqual([]);
  });

  test('those of a plan', () => {
    expect(parseFaults(JSON.stringify(drawn()), 'p.json')).toEqual(drawn().faults);
  });

  test('a wrong one is named by its place', () => {
    const parse = (): unknown => parseFaults('[{"id":"x","kind":"crash","atMs":1}]', 'f.json');

    expect(parse).toThrow(
      'f.json: [0].node: expected a node, a list of nodes, {label, is} or {select}',
    );
  });
});
