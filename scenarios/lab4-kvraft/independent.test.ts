/**
 * The layers of lab 4 in other combinations than ours alone: an independent service on our Raft and
 * on an independent one, ours on both, and one edit of the independent service at a time.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openMaybe, versionedKvModel } from '../../porcupine-ts/index.ts';
import { perfectRsm } from '../../raft/index.ts';
import { drawSwarm } from '../../sim/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import { phaseFields, throughPhases } from '../define/phases.ts';
import { defineScenario } from '../define/scenario.ts';
import { kvIntent } from '../lab2-kv/intents.ts';
import { userModules } from '../node-catalogue.ts';
import { loadUserCode, packageFile } from '../runner/node-user-code.ts';
import { lab4EditSpecimens } from '../specimens/lab4-kvraft-edits.ts';
import { runScenario } from '../testing/index.ts';
import { addKvServers, addRecordedClerk, replicatedKvLayers } from './cluster.ts';

const servers = ['s0', 's1', 's2'];
const clients = ['c0', 'c1', 'c2', 'c3'];

/** Crashes, partitions, pauses and an unreliable network; small snapshots; then all is well. */
const storm = defineScenario({
  name: 'kvraft/storm',
  description: 'clients of a replicated service in a storm that ends',
  params: z.object({ ...phaseFields, chaosMs: z.int().default(4000) }),
  layers: replicatedKvLayers,
  checks: [
    linearizable(versionedKvModel, {
      name: 'linearizable',
      description: 'all answers are those of one versioned map',
      reading: () => (operation) => openMaybe([operation])[0] ?? operation,
    }),
  ],
  plan: (stream, { warmUpMs, chaosMs }) => ({
    profile: 'lab-unreliable',
    ties: stream('ties').pick(['fifo', 'random']),
    faults: drawSwarm(stream, {
      kinds: { crash: 4, isolate: 3, minority: 2, pause: 2, 'one-way': 1, delay: 1 },
      servers,
      clients,
      fromMs: warmUpMs,
      untilMs: warmUpMs + chaosMs,
    }),
    clients: clients.map((id) => {
      const random = stream(`client/${id}`);
      const intents = Array.from({ length: 30 }, () => ({
        op: random.pick(['get', 'put']),
        key: random.pick(['x', 'y']),
        thinkMs: random.between(0, 150),
      }));
      return { id, settings: {}, intents };
    }),
  }),
  setup(t) {
    addKvServers(t, { servers: 3, maxRaftState: 1000 });
    for (const client of t.clients) {
      t.addClient(client.id, async (env) => {
        const clerk = addRecordedClerk(t, env, servers);
        let version = 0;
        for (const [i, { op, key, thinkMs }] of t.intentsOf(client, kvIntent).entries()) {
          if (op === 'get') version = (await clerk.get(key)).version;
          else await clerk.put(key, `${client.id}.${i}`, version);
          await env.sleep(thinkMs);
        }
      });
    }
  },
  async run(t) {
    const isDone = await throughPhases(t, () => t.clientsDone());
    t.expectInTime('clients finish once the world has healed', isDone, () => 'they do not');
  },
});

const SEEDS = Array.from({ length: 8 }, (_, i) => i + 1);
const KVRAFT = packageFile('examples/kvraft-async.ts');
const RAFT = packageFile('examples/raft-async.ts');

/** The layers of some files. */
async function layersOf(files: readonly string[]): Promise<object> {
  const codes = await Promise.all(files.map((file) => loadUserCode(file, userModules)));
  return Object.assign({}, ...codes.map((code) => code.evaluate())) as object;
}

describe('under crashes, partitions, pauses and loss, linearizable and alive', () => {
  test.each([
    { whose: 'the independent service on our Raft', files: [KVRAFT] },
    { whose: 'the independent service on an independent Raft', files: [KVRAFT, RAFT] },
    { whose: 'our service on an independent Raft', files: [RAFT] },
    { whose: 'our service on our Raft', files: [] },
    { whose: 'our service on the stand-in', files: [], standIn: 3 },
    { whose: 'the independent service on the stand-in', files: [KVRAFT], standIn: 3 },
  ])('$whose', { timeout: 60_000 }, async ({ files, standIn }) => {
    const own = await layersOf(files);
    const counters: Record<string, number> = {};
    for (const seed of SEEDS) {
      const layers = standIn === undefined ? own : { ...own, makeRsm: perfectRsm(standIn) };
      const { result } = await runScenario(storm, seed, { layers });
      expect(result).toMatchObject({ verdict: 'pass', operations: 120 });
      for (const [name, count] of Object.entries(result.activity)) {
        counters[name] = (counters[name] ?? 0) + count;
      }
    }
    expect(counters['OK']).toBeGreaterThan(100);
    expect(counters['ErrMaybe']).toBeGreaterThan(0);
    expect(counters['crashes']).toBeGreaterThan(10);
  });
});

describe('one edit of the independent service', () => {
  test.each(lab4EditSpecimens.map((specimen) => ({ id: specimen.id, specimen })))(
    '$id is caught, and the service as it is passes the same plan',
    { timeout: 60_000 },
    async ({ specimen: { edit, class: kind } }) => {
      expect(readFileSync(packageFile(edit!.file), 'utf8').split(edit!.find)).toHaveLength(2);
      const wrong = await loadUserCode(packageFile(edit!.file), userModules, edit);
      const layers = await layersOf([KVRAFT]);
      for (const seed of SEEDS) {
        const caught = await runScenario(storm, seed, { layers: wrong.evaluate() });
        if (caught.result.verdict === 'pass') continue;
        expect(caught.result).toMatchObject({ verdict: 'violation', class: kind });
        const right = await runScenario(storm, caught.plan, { layers });
        expect(right.result.verdict).toBe('pass');
        return;
      }
      expect.unreachable('not caught');
    },
  );
});
