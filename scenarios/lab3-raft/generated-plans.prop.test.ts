import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { bearableKinds } from '../testing/index.ts';
import { eachKind, passing, Seen } from '../testing/passing-plans.ts';
import { raftPlans } from './generated-plans.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('raft/chaos-3');

test('ours passes every plan, and much has happened', async () => {
  const seen = new Seen();
  await fc.assert(passing(chaos, raftPlans(chaos), { seen }), { numRuns: 150 });

  // No bound on truncations, too rare in two seconds: R8 below is not found without any.
  expect(
    seen.below({
      ...eachKind(bearableKinds),
      operations: 501,
      'under faults': 201,
      leaders: 121,
      'snapshots installed': 51,
      crashes: 11,
      lost: 801,
    }),
  ).toEqual([]);
});

describe('the same property finds a wrong variant, and shrinks its plan', () => {
  test.each([
    ['R2', /Durable Promises/, { faults: 1, intents: 1 }],
    ['R8', /Match Index|State Machine Safety/, { faults: 1, intents: 3 }],
    ['R13', /Commit Rule/, { faults: 1, intents: 1 }],
    ['R31', /apply order/, { faults: 0, intents: 0 }],
  ])('%s, by %s', async (id, check, most) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const details = await fc.check(passing(chaos, raftPlans(chaos), { code }), {
      seed: 2,
      numRuns: 100,
    });
    const [smallest] = details.counterexample ?? [];
    const intents = smallest!.clients.flatMap((client) => client.intents);

    expect((details.errorInstance as Error).message).toMatch(check);
    expect(smallest!.faults.length).toBeLessThanOrEqual(most.faults);
    expect(intents.length).toBeLessThanOrEqual(most.intents);
  });
});
