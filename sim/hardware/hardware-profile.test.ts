/** Hardware profiles: what there is, what is refused, and that off is off. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { hardwareByName, hardwareProfiles, PlanError, Trace, World } from '../index.ts';
import type { HardwareProfile, NodeOptions, WorldOptions } from '../index.ts';

const server = hardwareByName('server');

/** Nodes that use everything that takes time on hardware. */
async function run(
  hardware: string | undefined,
  own: NodeOptions = {},
  options: Partial<WorldOptions> = {},
): Promise<World> {
  const plan = { profile: 'lan', disk: 'lossy', ...(hardware === undefined ? {} : { hardware }) };
  const world = new World('profile', { host: nodeHost(), plan, ...options });
  const ids = ['a', 'b', 'c'];
  for (const id of ids) {
    world.addNode(
      id,
      async (env) => {
        env.serve({ add: async (n: number) => env.compute(1).then(() => n + 1) });
        for (let n = 0; n < 10; n++) {
          env.disk.save('f', 'x'.repeat(100 * n));
          env.disk.append('g', 'y');
          await env.disk.fsync('g');
          for (const to of ids) void env.call(to, 'add', n);
          await env.sleep(env.random.below(3));
        }
      },
      own,
    );
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  return world;
}

describe('hardware', () => {
  test.each([...hardwareProfiles.keys()])(
    '%s: is the same run twice, looked at or not',
    async (name) => {
      const first = await run(name);
      for (const options of [{ trace: new Trace() }, { isStrict: true }, { guards: false }]) {
        const again = await run(name, {}, options);
        expect([again.digest(), again.now()]).toEqual([first.digest(), first.now()]);
      }
    },
  );

  test('is ideal unless the plan says otherwise, and then nothing but what it says', async () => {
    const [off, ideal, real] = [await run(undefined), await run('ideal'), await run('server')];
    expect(ideal.digest()).toBe(off.digest());
    expect(real.digest()).not.toBe(off.digest());
  });

  test('is that of the node itself, by name or as it is, before that of the plan', async () => {
    const real = await run('server');
    expect((await run('ideal', { hardware: 'server' })).digest()).toBe(real.digest());
    expect((await run('cluster-2004', { hardware: server })).digest()).toBe(real.digest());
    const off = await run(undefined);
    expect((await run('server', { hardware: 'ideal' })).digest()).toBe(off.digest());
    // A tester is no machine.
    expect((await run('server', { isImmune: true })).digest()).toBe(off.digest());
  });

  test('that does not exist is refused, by a plan and by a node', async () => {
    const there = 'there are ideal, server, cluster-2004';
    const error = new PlanError(`no hardware profile "fast"; ${there}`);
    expect(() => new World('x', { host: nodeHost(), plan: { hardware: 'fast' } })).toThrow(error);
    const world = new World('x', { host: nodeHost() });
    expect(() => world.addNode('n', () => {}, { hardware: 'fast' })).toThrow(error);
  });

  test.each([
    ['cores', [0, -1, 1.5, 1025, Infinity, NaN], 'from 1 to 1024'],
    ['stepUs', [-1, 0.5, Infinity], 'from 0 to 1000000000'],
    ['diskBytesPerMs', [0, -1, 1e10], 'from 1 to 1000000000'],
    ['diskAccessUs', [-1, 0.5], 'from 0 to 1000000000'],
    ['nicOutBytesPerMs', [0, 2.5], 'from 1 to 1000000000'],
    ['nicInBytesPerMs', [0, NaN], 'from 1 to 1000000000'],
  ] as const)('that no machine can have is refused with its field: %s', (field, values, range) => {
    const world = new World('x', { host: nodeHost() });
    for (const value of values) {
      const hardware: HardwareProfile = { ...server, name: 'mine', [field]: value };
      expect(() => world.addNode('n', () => {}, { hardware })).toThrow(
        new PlanError(`hardware mine: ${field}: expected a whole number ${range}, got ${value}`),
      );
    }
  });

  test('of all profiles that are shipped is possible', () => {
    const world = new World('x', { host: nodeHost() });
    for (const hardware of hardwareProfiles.values()) {
      world.addNode(hardware.name, () => {}, { hardware });
    }
    expect(world.nodeIds()).toHaveLength(hardwareProfiles.size);
  });
});
