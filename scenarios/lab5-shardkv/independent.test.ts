/**
 * An independent sharded KV, whole and in parts: the layers of lab 5 know nothing of each other but
 * the contract, and so either half runs with ours.
 */
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Implementation } from '../define/implementation.ts';
import { Registry } from '../define/registry.ts';
import { userModules } from '../node-catalogue.ts';
import { loadUserCode, packageFile } from '../runner/node-user-code.ts';
import { runScenario } from '../testing/index.ts';

const registry = new Registry(packs);
const code = loadUserCode(packageFile('examples/shardkv-async.ts'), userModules);

const GROUPS = ['makeShardGroup'];
const CLIENTS = ['makeGroupClerk', 'makeShardCtrler', 'makeShardClerk'];

async function only(names: readonly string[]): Promise<Implementation> {
  const { name, evaluate } = await code;
  const chosen = (): object => {
    const own = Object.entries(evaluate());
    return Object.fromEntries(own.filter(([layer]) => names.includes(layer)));
  };
  return { name, evaluate: chosen };
}

describe.each([
  { whose: 'the independent implementation', names: [...GROUPS, ...CLIENTS] },
  { whose: 'its groups under our controllers and clerks', names: GROUPS },
  { whose: 'our groups under its controllers and clerks', names: CLIENTS },
])('$whose', ({ names }) => {
  test('passes under chaos, and much has happened', { timeout: 60_000 }, async () => {
    const seen: Record<string, number> = {};
    for (const seed of [1, 2]) {
      const implementation = await only(names);
      const { result } = await runScenario(registry.scenario('shardkv/chaos-3'), seed, {
        implementation,
      });
      expect(result).toMatchObject({ verdict: 'pass' });
      for (const [what, count] of Object.entries(result.activity)) {
        seen[what] = (seen[what] ?? 0) + count;
      }
    }
    expect(seen['shards moved']).toBeGreaterThan(20);
    expect(seen['changes']).toBeGreaterThan(5);
    expect(seen['superseded']).toBeGreaterThan(3);
    expect(seen['recoveries']).toBeGreaterThan(0);
    expect(seen['ErrMaybe']).toBeGreaterThan(0);
    expect(seen['OK']).toBeGreaterThan(40);
  });

  test.each(['shardkv/long-shard', 'shardkv/lost-reply', 'TestPartitionControllerJoin5C'])(
    'passes %s',
    { timeout: 60_000 },
    async (name) => {
      const implementation = await only(names);
      const { result } = await runScenario(registry.scenario(name), 1, { implementation });
      expect(result).toMatchObject({ verdict: 'pass' });
    },
  );
});
