import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packs } from '../catalogue.ts';
import { packageFile } from '../runner/node-user-code.ts';
import { describeParams, ParamsError, parseParams } from './params.ts';
import { Registry, UnknownNameError } from './registry.ts';
import { defineScenario, type Scenario } from './scenario.ts';
import { signatureOf } from './verdict.ts';
import { VERSION } from './version.ts';

const registry = new Registry(packs);

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    version: string;
  };

  expect(VERSION).toBe(version);
});

describe('the registry', () => {
  test.each([
    ['kv/chos', 'kv/chaos'],
    ['KV/CHAOS', 'kv/chaos'],
    ['chaos', 'kv/chaos'],
    ['TestUnreliabeNet', 'TestUnreliableNet'],
    ['lock/nestd', 'lock/nested'],
  ])('offers the nearest of %s', (name, nearest) => {
    const look = (): unknown => registry.scenario(name);

    expect(look).toThrow(UnknownNameError);
    expect(look).toThrow(`unknown scenario "${name}"; the nearest: `);
    expect(look).toThrow(nearest);
  });

  test('offers the nearest specimens', () => {
    expect(() => registry.specimen('KV2')).toThrow('unknown specimen "KV2"; the nearest: KV1');
  });

  test('two of one name cannot be told apart', () => {
    const [pack] = packs;

    expect(() => new Registry([...packs, pack!])).toThrow('two scenarios are called');
  });

  test('every scenario and specimen has a name of its own', () => {
    const names = registry.scenarios.flatMap(({ name, test: own }) =>
      own === undefined ? [name] : [name, own],
    );
    const ids = registry.specimens.map(({ id }) => id);

    expect(new Set(names).size).toBe(names.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('every scenario describes itself, its params and its checks', () => {
    for (const scenario of registry.scenarios) {
      expect(scenario.description.length).toBeGreaterThan(15);
      for (const { text } of describeParams(scenario))
        expect(text).toMatch(/^(".*"|\S+) {2}\S.{5,}/);
      for (const check of scenario.checks) expect(check.description.length).toBeGreaterThan(15);
    }
  });
});

describe('params', () => {
  const scenario: Scenario = defineScenario({
    name: 'adhoc',
    description: 'made for a test',
    params: z.object({
      clients: z.int().min(1).default(3).describe('number of clients'),
      fast: z.boolean().default(false).describe('no pauses'),
    }),
    layers: {},
    setup: () => {},
  });

  test('defaults are filled in', () => {
    expect(parseParams(scenario, {})).toEqual({ clients: 3, fast: false });
    expect(parseParams(scenario, { fast: true })).toEqual({ clients: 3, fast: true });
  });

  test.each([
    [{ clients: 0 }, /params of adhoc: clients: .*>=1.*\(it has clients, fast\)/],
    [{ clients: 1.5 }, /clients: .*expected int/],
    [{ clients: '5' }, /clients: .*expected number, received string/],
    [{ clents: 5 }, /Unrecognized key: "clents".*\(it has clients, fast\)/],
    [{ clients: 0, fast: 1 }, /clients: .*; fast: .*expected boolean/],
  ])('%j are refused by name', (params, message) => {
    expect(() => parseParams(scenario, params)).toThrow(ParamsError);
    expect(() => parseParams(scenario, params)).toThrow(message);
  });

  test('a scenario without params says so', () => {
    const { params: _params, ...rest } = scenario;
    const bare = { ...rest, params: z.object({}) };

    expect(() => parseParams(bare, { a: 1 })).toThrow(/\(it has none\)/);
  });
});

describe('signatures', () => {
  const signature = (message: string, kind?: string): string =>
    signatureOf({ verdict: 'violation', check: 'check', message, kind });

  test.each([
    ['n3 has 5 of "k"', 'n7 has 12 of "key"'],
    ['c0 entered while "c3" was inside', 'c12 entered while "c1" was inside'],
    ['n2#3 waits 1.5 ms', 'n0#1 waits 20 ms'],
    ['put at version 3 answered "OK"', 'put at version 14 answered "ErrMaybe"'],
  ])('%j and %j are of one kind', (a, b) => {
    expect(signature(a)).toBe(signature(b));
  });

  test.each([
    ['n3 has 5', 'n3 had 5'],
    ['the heap grew', 'the log grew'],
  ])('%j and %j are not', (a, b) => {
    expect(signature(a)).not.toBe(signature(b));
  });

  test('checks differ, and a kind wins over the message', () => {
    expect(signature('m')).toBe('check: m');
    expect(signature('a long story about k1', 'get fits nowhere')).toBe('check: get fits nowhere');
  });
});
