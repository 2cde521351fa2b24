import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { passes, raftPlanKinds, type Seen } from './generated-plans.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('raft/chaos-3');

test('ours passes every plan, and much has happened', async () => {
  const seen: Seen = { kinds: new Set(), activity: new Map() };
  await fc.assert(passes(chaos, {}, seen), { numRuns: 150 });
  const total = (what: string): number => seen.activity.get(what) ?? 0;

  expect(seen.kinds).toEqual(new Set(raftPlanKinds));
  expect(total('operations')).toBeGreaterThan(500);
  expect(total('under faults')).toBeGreaterThan(200);
  expect(total('leaders')).toBeGreaterThan(120);
  // No bound on truncations, too rare in two seconds: R8 below is not found without any.
  expect(total('snapshots installed')).toBeGreaterThan(50);
  expect(total('crashes')).toBeGreaterThan(10);
  expect(total('lost')).toBeGreaterThan(800);
});

describe('the same property finds a wrong variant, and shrinks its plan', () => {
  test.each([
    ['R2', /Durable Promises/, { faults: 1, intents: 1 }],
    ['R8', /Match Index|State Machine Safety/, { faults: 1, intents: 3 }],
    ['R13', /Commit Rule/, { faults: 1, intents: 1 }],
    ['R31', /apply order/, { faults: 0, intents: 0 }],
  ])('%s, by %s', async (id, check, most) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const details = await fc.check(passes(chaos, code), { seed: 2, numRuns: 100 });
    const [smallest] = details.counterexample ?? [];
    const intents = smallest!.clients.flatMap((client) => client.intents);

    expect((details.errorInstance as Error).message).toMatch(check);
    expect(smallest!.faults.length).toBeLessThanOrEqual(most.faults);
    expect(intents.length).toBeLessThanOrEqual(most.intents);
  });
});
