import { SERVER } from './cluster.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Trace, traceLevels, type TraceRecord } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { parsePlan } from '../define/plan-file.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';

const registry = new Registry(packs);
const chaos = fc.constantFrom('kv/chaos', 'lock/chaos');
const seeds = fc.integer({ min: 1, max: 100_000 }).map(String);

async function traceOf(name: string, plan: Plan): Promise<readonly TraceRecord[]> {
  const trace = new Trace();
  await runPlan(registry.scenario(name), plan, { host: nodeHost(), trace });
  return trace.records;
}

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

test('fewer clients draw the same intents and settings for those that are left', () => {
  fc.assert(
    fc.property(chaos, seeds, fc.integer({ min: 2, max: 6 }), (name, seed, clients) => {
      const scenario = registry.scenario(name);
      const more = makePlan(scenario, seed, { params: { clients } });
      const fewer = makePlan(scenario, seed, { params: { clients: clients - 1 } });

      expect(fewer.clients).toEqual(more.clients.slice(0, -1));
      expect([fewer.profile, fewer.ties]).toEqual([more.profile, more.ties]);
      // A swizzle-clog takes half of the nodes, one after the other: how many, there are fewer.
      const times = ({ faults }: Plan): unknown[] =>
        faults.filter(({ id }) => !id.startsWith('swizzle')).map(({ id, atMs }) => [id, atMs]);
      expect(times(fewer)).toEqual(times(more));
    }),
  );
});

test('without a fault the run is the same until it would have begun', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, seeds, fc.nat(), async (name, seed, pick) => {
      const plan = makePlan(registry.scenario(name), seed);
      fc.pre(plan.faults.length > 0);
      const at = pick % plan.faults.length;
      const gone = plan.faults[at]!;
      const fewer = { ...plan, faults: without(plan.faults, at) };
      // Event numbers and tie-breaks shift by the actions that are not scheduled any more; what the
      // nodes do must not.
      fc.pre(plan.ties === 'fifo');
      const before = (records: readonly TraceRecord[]): object[] =>
        records
          .filter(({ timeUs, node }) => timeUs < gone.atMs * 1000 && node !== undefined)
          .map(({ event: _event, cause: _cause, ...rest }) => rest);

      const [a, b] = [await traceOf(name, plan), await traceOf(name, fewer)];
      expect(before(b)).toEqual(before(a));
    }),
    { numRuns: 25 },
  );
});

/** The n-th message of a type on a link: what the network decided about it. */
function fatesOf(records: readonly TraceRecord[], link: (from: string) => boolean): object {
  const fates: Record<string, string> = {};
  for (const { kind, from, to, label, n } of records) {
    if ((kind !== 'send' && kind !== 'lost') || from === undefined || !link(from)) continue;
    fates[`${from}>${to} ${label} ${n}`] = kind;
  }
  return fates;
}

test('without a client the links of the others draw as they did', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.nat(), async (seed, pick) => {
      const scenario = registry.scenario('kv/chaos');
      const drawn = makePlan(scenario, seed, { faults: [], profile: 'lab-unreliable' });
      const plan: Plan = { ...drawn, ties: 'fifo' };
      const at = pick % plan.clients.length;
      const { id } = plan.clients[at]!;
      const fewer = { ...plan, clients: without(plan.clients, at) };
      const [a, b] = [await traceOf('kv/chaos', plan), await traceOf('kv/chaos', fewer)];
      const [all, rest] = [fatesOf(a, (from) => from !== id), fatesOf(b, () => true)];
      const left = Object.entries(rest);
      const same = left.filter(([key, fate]) => (all as Record<string, string>)[key] === fate);
      const known = left.filter(([key]) => key in all);

      expect(Object.keys(rest).some((key) => key.includes(id))).toBe(false);
      // Which messages are sent may differ, since answers do; the fate of one that is sent may not.
      expect(same.filter(([key]) => key.startsWith('c'))).toEqual(
        known.filter(([key]) => key.startsWith('c')),
      );
      expect(known.length).toBeGreaterThan(0);
    }),
    { numRuns: 25 },
  );
});

test('without a fault the links that it did not touch are as they were, to the end', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.nat(), async (seed, pick) => {
      const drawn = makePlan(registry.scenario('kv/chaos'), seed, { profile: 'lab-unreliable' });
      // What hits the server itself, or all that it gets, touches all links; and on a slow link the
      // answers of others matter, because a longer one takes longer.
      const faults = drawn.faults.filter(
        (fault) =>
          !('node' in fault && fault.node === SERVER) &&
          fault.kind !== 'bandwidth' &&
          /"c\d/.test(JSON.stringify(fault)),
      );
      fc.pre(faults.length > 0);
      const at = pick % faults.length;
      const touched = JSON.stringify(faults[at]);
      const plan: Plan = { ...drawn, ties: 'fifo', faults };
      const fewer = { ...plan, faults: without(faults, at) };
      const free = plan.clients.map(({ id }) => id).filter((id) => !touched.includes(`"${id}"`));
      const linksOf = (records: readonly TraceRecord[]): unknown[] =>
        records
          .filter(({ kind, from, to }) => kind === 'send' || kind === 'lost' || (from && to))
          .filter(({ from, to }) => free.some((id) => id === from || id === to))
          .map(({ kind, from, to, label, n, timeUs }) => [timeUs, kind, from, to, label, n]);

      const [a, b] = [await traceOf('kv/chaos', plan), await traceOf('kv/chaos', fewer)];
      expect(linksOf(b)).toEqual(linksOf(a));
    }),
    { numRuns: 40 },
  );
});

test('a plan survives its file', () => {
  fc.assert(
    fc.property(chaos, fc.string(), (name, seed) => {
      const plan = makePlan(registry.scenario(name), seed);

      expect(parsePlan(JSON.stringify(plan), 'plan.json')).toEqual(plan);
    }),
  );
});

test('a seed is a run: drawn twice, run twice, traced or not, the digest is the same', async () => {
  await fc.assert(
    fc.asyncProperty(chaos, seeds, async (name, seed) => {
      const scenario = registry.scenario(name);
      const [a, b] = [makePlan(scenario, seed), makePlan(scenario, seed)];
      expect(b).toEqual(a);
      const digest = async (plan: Plan, trace: Trace | undefined): Promise<string> =>
        (await runPlan(scenario, plan, { host: nodeHost(), trace })).result.digest;
      const wanted = await digest(a, undefined);

      for (const level of traceLevels) expect(await digest(b, new Trace(level))).toBe(wanted);
    }),
    { numRuns: 25 },
  );
});
