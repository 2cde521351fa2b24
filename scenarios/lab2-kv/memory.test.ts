import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { summarise } from '../report/sweep-tally.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { Target } from '../runner/node-target.ts';
import { runPlan } from '../runner/run-plan.ts';

const registry = new Registry(packs);
const NAME = 'kv/memory-many-clerks';

/** A server that remembers who asked what, to answer a retransmission with the same words. */
const REMEMBERS_CLERKS = `
import { kvServer, serverPorts, serverRules } from 'faultlab/kvsrv';
import { kvClerk, clerkPorts, clerkRules } from 'faultlab/kvsrv';
export function makeKvServer(env) {
  const { handlers } = kvServer(serverRules, serverPorts)(env);
  const answered = new Map();
  return { handlers: { ...handlers, put(args) {
    const answer = answered.get(args.clerk) ?? handlers.put(args);
    answered.set(args.clerk, answer);
    return answer;
  } } };
}
export function makeKvClerk(env, server, options) {
  const clerk = env.random.token();
  const call = (peer, method, args) => peer.call(method, { ...args, clerk });
  return kvClerk(clerkRules, { ...clerkPorts, call })(env, server, options);
}`;

/** A server that keeps every value that was ever put. */
const KEEPS_VERSIONS = `
import { kvServer, serverPorts, serverRules } from 'faultlab/kvsrv';
export function makeKvServer(env) {
  const { handlers } = kvServer(serverRules, serverPorts)(env);
  const log = [];
  return { handlers: { ...handlers, put(args) {
    log.push({ version: args.version });
    return handlers.put(args);
  } } };
}`;

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-memory-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function runWith(code: string): Promise<RunResult> {
  const impl = join(folder, 'server.ts');
  writeFileSync(impl, code);
  const spec = { scenario: NAME, impl, overrides: {} };
  const target = await Target.open(registry, spec, userModules);
  return (await target.run({ from: { seed: '1' }, isTraced: false })).result;
}

test.each([
  { server: 'an entry for each clerk', code: REMEMBERS_CLERKS },
  { server: 'an entry for each put', code: KEEPS_VERSIONS },
])(
  'a server that keeps $server breaks the bound on memory',
  { timeout: 60_000 },
  async ({ code }) => {
    const result = await runWith(code);

    expect(result).toMatchObject({
      verdict: 'violation',
      class: 'performance',
      check: 'no state per client',
      signature: 'no state per client: the heap grew by # bytes per clerk',
    });
  },
);

/** The bound itself, on a heap that says what it is told. */
async function growBy(bytes: number): Promise<RunResult> {
  const scenario = registry.scenario(NAME);
  const heap = [1_000_000, 1_000_000 + bytes];
  const { result } = await runPlan(
    scenario,
    makePlan(scenario, '1', { params: { clerks: 100, rounds: 1 } }),
    {
      host: nodeHost(),
      heapBytes: () => heap.shift(),
    },
  );
  return result;
}

test('ten bytes a clerk are allowed, and not one more', { timeout: 60_000 }, async () => {
  expect((await growBy(1000)).verdict).toBe('pass');
  expect(await growBy(1100)).toMatchObject({
    check: 'no state per client',
    reason: 'the heap grew by 11.0 bytes per clerk',
  });
});

test('without a measure of the heap the run is vacuous, not a pass', async () => {
  const scenario = registry.scenario(NAME);
  const plan = makePlan(scenario, '1', { params: { clerks: 10 } });
  const { result } = await runPlan(scenario, plan, { host: nodeHost() });

  expect(result).toMatchObject({ verdict: 'pass', probes: {} });
  expect(summarise(NAME, [result], scenario.probes, false)).toMatchObject({
    verdict: 'vacuous',
    exitCode: 2,
  });
});
