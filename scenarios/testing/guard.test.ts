import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { objections, type Guard } from './guard.ts';

const registry = new Registry(packs);
const layers = registry.specimen('LK1').layers!;
const right: Guard = {
  broken: 'a lock that takes ErrMaybe for success',
  scenario: 'lock/chaos',
  layers,
  check: 'mutual exclusion',
  seeds: 40,
};

test.each<[string, Partial<Guard>, RegExp[]]>([
  ['nothing speaks against what is so', {}, []],
  ['layers with nothing wrong are told', { layers: {} }, [/^the broken layers pass every seed$/]],
  ['another check is told', { check: 'x' }, [/^broken: violation, safety, mutual exclusion, /]],
  ['another class is told', { class: 'liveness' }, [/^broken: violation, safety, /]],
  ['other words are told', { says: /ErrVersion/ }, [/^broken: violation, .* fits nowhere/]],
])('%s', async (_title, change, said) => {
  const found = await objections(registry.scenario('lock/chaos'), { ...right, ...change });

  expect(found).toEqual(said.map((words): unknown => expect.stringMatching(words)));
});
