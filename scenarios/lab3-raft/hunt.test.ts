import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { Plan } from '../define/plan.ts';
import { userModules } from '../node-catalogue.ts';
import { makePlan } from '../runner/make-plan.ts';
import { Target } from '../runner/node-target.ts';
import { ADVERSARY, round, type Round } from './hunt-plan.ts';

const registry = new Registry(packs);
const scenario = registry.scenario('raft/hunt-5');
const roundsOf = ({ clients }: Plan): Round[] =>
  clients
    .filter(({ id }) => id === ADVERSARY)
    .flatMap(({ intents }) => intents.map((intent) => round.parse(intent)));

/** Seen from outside alone: by how many seeds at most each is killed in free chaos and here. */
const HIDDEN = [
  ['R2', 8],
  ['R7', 8],
  ['R13', 8],
] as const;

describe('raft/hunt-5', () => {
  test.each(HIDDEN)('kills %s from outside within %d seeds', async (specimen, within) => {
    const overrides = { params: { view: false } };
    const target = await Target.open(
      registry,
      { scenario: scenario.name, specimen, overrides },
      userModules,
    );
    const checks: (string | undefined)[] = [];
    for (let seed = 1; seed <= within && checks.length === 0; seed++) {
      const { result } = await target.run({ from: { seed: String(seed) }, isTraced: false });
      if (result.verdict !== 'pass') checks.push(result.check);
    }

    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatch(/^(one leader a term|agreement|apply order)$/);
  });

  test('each round is a decision of its own: without one the others are as they were', () => {
    const plan = makePlan(scenario, '1');
    const longer = makePlan(scenario, '1', { params: { chaosMs: 40_000 } });
    const rounds = roundsOf(plan);

    expect(rounds.length).toBeGreaterThan(100);
    expect(roundsOf(longer).slice(0, rounds.length)).toEqual(rounds);
    expect(new Set(rounds.map(({ order }) => order.toSorted((a, b) => a - b).join('')))).toEqual(
      new Set(['01234']),
    );
  });

  test('seeds differ in what their rounds are like', () => {
    const moves = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const drawn = roundsOf(makePlan(scenario, String(seed)));
      return [...new Set(drawn.map(({ move }) => move))].toSorted().join(' ');
    });

    expect(new Set(moves).size).toBeGreaterThan(2);
  });

  test.each([3, 4, 7])('a right Raft of %d servers passes, and is led about', async (servers) => {
    const overrides = { params: { servers } };
    const target = await Target.open(registry, { scenario: scenario.name, overrides }, userModules);
    for (const seed of ['1', '2', '3']) {
      const { result } = await target.run({ from: { seed }, isTraced: false });

      expect([result.verdict, result.reason]).toEqual(['pass', undefined]);
      expect(result.activity['rounds']).toBeGreaterThan(5);
    }
  });
});
