/** Machines that limp: what such a fault leaves alone, and what is wrong with an entry. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { PlanError, World, type FaultAction, type WorldPlan } from '../index.ts';

const limp = { id: 'l', kind: 'limp', atMs: 3, node: 'n0', factor: 30 } as const;
const ids = ['n0', 'n1', 'n2'];

/** Nodes send at set times; gives what was drawn for each message, by link, type and ordinal. */
async function fates(plan: Partial<WorldPlan>): Promise<[fates: unknown[], ms: number]> {
  const world = new World('limp', { host: nodeHost(), plan, recordFates: true });
  for (const id of ids) {
    world.addNode(id, (env) => {
      env.receive({ m: () => env.disk.save('f', 'x') });
      for (let i = 0; i < 10; i++) {
        env.setTimer(i, () => {
          for (const to of ids) env.send(to, 'm', i, { bytes: 10_000 });
        });
      }
    });
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  const told = (world.network.fates ?? []).map((fate) => JSON.stringify(fate));
  return [told.toSorted(), world.now()];
}

describe('limp', () => {
  test('draws nothing: without it what is drawn for every message is the same', async () => {
    const anyLimp = fc.record({
      factor: fc.integer({ min: 2, max: 1000 }),
      node: fc.subarray(ids, { minLength: 1 }),
      profile: fc.constantFrom('lab-unreliable', 'lan', 'vopr'),
      hardware: fc.constantFrom('server', 'cluster-2004'),
    });
    let later = 0;
    await fc.assert(
      fc.asyncProperty(anyLimp, async ({ factor, node, ...plan }) => {
        const [without, ms] = await fates(plan);
        const [fatesWith, msWith] = await fates({ ...plan, faults: [{ ...limp, factor, node }] });
        expect(fatesWith).toEqual(without);
        if (msWith > ms) later++;
      }),
      { numRuns: 50 },
    );
    expect(later).toBeGreaterThan(40);
  });

  test.each([
    [{ factor: 1 }, 'factor (l): expected a whole number from 2 to 1000, got 1'],
    [{ factor: 1001 }, 'factor (l): expected a whole number from 2 to 1000, got 1001'],
    [{ factor: 2.5 }, 'factor (l): expected a whole number from 2 to 1000, got 2.5'],
    [{ of: [] }, 'of (l): expected some of cpu, disk, nic, got []'],
    [{ of: ['ram'] }, 'of (l): expected some of cpu, disk, nic, got ["ram"]'],
    [{ node: 'm' }, 'node (l): no node "m"; there are n'],
  ])('is refused with its field: %j', async (wrong, message) => {
    const faults = [{ ...limp, node: 'n', ...wrong } as FaultAction];
    const world = new World('limp', { host: nodeHost(), plan: { faults } });
    world.addNode('n', () => {});
    await expect(world.run()).rejects.toThrow(new PlanError(`faults[0].${message}`));
  });

  test('has found something if one of its machines is real', async () => {
    const faults: FaultAction[] = [{ ...limp, node: ['a', 'b'] }];
    const world = new World('limp', { host: nodeHost(), plan: { faults } });
    world.addNode('a', () => {});
    world.addNode('b', () => {}, { hardware: 'server' });
    await world.run();
    expect([world.faultsBegun, world.unmatchedTargets]).toEqual([1, []]);
  });

  test('slows a disk down once, however many of its nodes it names', async () => {
    const faults: FaultAction[] = [{ ...limp, atMs: 0, node: ['a', 'b'], of: ['disk'] }];
    const world = new World('limp', { host: nodeHost(), plan: { faults, hardware: 'server' } });
    const seen: number[] = [];
    for (const id of ['a', 'b']) {
      const move = (): void => void seen.push(world.now());
      world.addNode(id, (env) => env.disk.move(0, move), { disk: 'shared' });
    }
    await world.run();
    // Thirty times 0.1 ms each, after a step of 0.005 ms.
    expect(seen).toEqual([3.005, 6.005]);
  });
});
