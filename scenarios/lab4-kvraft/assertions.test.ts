import { describe, expect, test } from 'vitest';
import {
  kvMachine,
  kvMachineRules,
  makeReplicatedKvClerk,
  makeReplicatedKvServer,
  replicatedClerkPorts,
  replicatedClerkRules,
  replicatedKvClerk,
  replicatedKvServer,
  replicatedServerPorts,
  throughTheLog,
  type KvClerk,
  type KvMachineRules,
  type ReplicatedClerkPorts,
  type ReplicatedClerkRules,
  type ReplicatedKvLayers,
} from '../../kvsrv/index.ts';
import {
  makeRsm,
  perfectRsm,
  raftOf,
  raftPorts,
  raftRules,
  rsmOf,
  rsmPorts,
  rsmRules,
  type MakeRsm,
  type Rsm,
  type RsmRules,
  type StateMachine,
  type SubmitResult,
} from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { Verdict } from '../define/verdict.ts';
import { objections, titled, type Guard } from '../testing/guard.ts';
import { runScenario } from '../testing/run-scenario.ts';

const registry = new Registry(packs);

type Layers = Partial<ReplicatedKvLayers>;

/** Our replicated state machine, with other decisions. */
const rsm = (rules: Partial<RsmRules>): Layers => ({
  makeRsm: rsmOf({ rules: { ...rsmRules, ...rules }, ports: rsmPorts }),
});

/** The same, with other answers to requests. */
function answers(
  change: (env: Env, done: (result: SubmitResult) => void) => (result: SubmitResult) => void,
): Layers {
  const make: MakeRsm = (env, host, machine): Rsm => {
    const own = makeRsm(env, host, machine);
    const propose: Rsm['propose'] = (request, done) => own.propose!(request, change(env, done));
    return { ...own, propose };
  };
  return { makeRsm: Object.assign(make, { isSynchronous: true }) };
}

/** Our server, on another state machine. */
const onMachine = (machine: () => StateMachine): Layers => ({
  makeReplicatedKvServer: replicatedKvServer({ ...replicatedServerPorts, machine }),
});
const machine = (rules: Partial<KvMachineRules>): Layers =>
  onMachine(() => kvMachine({ ...kvMachineRules, ...rules }));

const clerk = (
  rules: Partial<ReplicatedClerkRules>,
  ports: Partial<ReplicatedClerkPorts> = {},
): Layers => ({
  makeReplicatedKvClerk: replicatedKvClerk(
    { ...replicatedClerkRules, ...rules },
    { ...replicatedClerkPorts, ...ports },
  ),
});

/** Our clerk, wrapped. */
const wrappedClerk = (wrap: (env: Env, own: KvClerk) => KvClerk): Layers => ({
  makeReplicatedKvClerk: (env, servers, options) =>
    wrap(env, makeReplicatedKvClerk(env, servers, options)),
});

/** Reads what a server has by itself, without asking the others. */
const localReads: Layers = {
  makeReplicatedKvServer: replicatedKvServer({
    ...replicatedServerPorts,
    submit(own, request) {
      if (request.op !== 'get') return throughTheLog(own, request);
      let reply: unknown;
      own.readAt!(0, request.key, (answer) => (reply = answer));
      return reply;
    },
  }),
};

/** Takes snapshots though nobody asked for them. */
const eager: Layers = {
  makeReplicatedKvServer: Object.assign(
    ((env, host) =>
      makeReplicatedKvServer(env, {
        ...host,
        maxRaftState: 1000,
      })) as typeof makeReplicatedKvServer,
    { isSynchronous: true },
  ),
};

/** A Raft that hands entries to its service in another way. */
const applying = (apply: typeof raftPorts.apply): Layers => ({
  makeRaft: raftOf({ rules: raftRules, ports: { ...raftPorts, apply } }),
});

/** Our machine; what it does is changed, told which call it is. */
function changed(change: (work: () => unknown, n: number) => unknown): StateMachine {
  const own = kvMachine(kvMachineRules);
  let n = 0;
  return { ...own, doOp: (request, index) => change(() => own.doOp(request, index), n++) };
}

const silent: Layers = answers(() => () => {});

const VALUE = 'an inc answers the value it has led to';
const IN_10_S = 'a request is carried out within 10 s';
const SIZE = 'size of the persisted state';
const VERSIONS = 'the version counts the puts';
const GOT = 'a get answers what was put';
const END = 'the run comes to an end';

const wrongValue = answers(
  (_env, done) => (result) =>
    done(result.err === 'OK' ? { ...result, result: { value: 7 } } : result),
);

const rsmCases: readonly Guard[] = [
  {
    broken: 'a layer that answers with something else',
    scenario: 'rsm/basic',
    layers: wrongValue,
    check: VALUE,
    says: /the counter was 0, and inc answered 7/,
  },
  {
    broken: 'a server that never carries anything out',
    scenario: 'rsm/basic',
    layers: applying((env, apply, message) => {
      if (env.id !== 's2') void apply(message);
    }),
    check: 'replicas come to the same value',
    class: 'liveness',
    seeds: 5,
    says: /expected 1 on 3 servers: s0 1, s1 1, s2 0/,
  },
  {
    broken: 'a layer that never answers',
    scenario: 'rsm/basic',
    layers: silent,
    check: IN_10_S,
    class: 'liveness',
  },
  {
    broken: 'a Raft that hands entries over twice',
    scenario: 'rsm/basic',
    layers: applying((_env, apply, message) => {
      void apply(message);
      void apply(message);
    }),
    check: 'requests are carried out in order',
    says: /s\d carries out index 1 after 1/,
  },
  {
    broken: 'a layer that answers all alike',
    scenario: 'rsm/concurrent',
    layers: wrongValue,
    check: 'every request has an answer of its own',
  },
  {
    broken: 'servers of which only one ever wants to lead',
    scenario: 'rsm/leader-failure',
    layers: {
      makeRaft: raftOf({
        rules: raftRules,
        ports: { ...raftPorts, electionTimeoutMs: ({ id }) => (id === 's0' ? 400 : 1e6) },
      }),
    },
    check: IN_10_S,
    class: 'liveness',
  },
  {
    broken: 'servers that do not ask each other',
    scenario: 'rsm/leader-partition',
    layers: { makeRsm: perfectRsm(1) },
    check: 'what a minority was asked is not carried out',
  },
  {
    broken: 'a leader that gives up too soon',
    scenario: 'rsm/leader-partition',
    layers: answers((env, done) => {
      let isOver = false;
      const once = (result: SubmitResult): void => {
        if (!isOver) done(result);
        isOver = true;
      };
      env.setTimer(500, () => once({ err: 'ErrWrongLeader', isMaybe: true }));
      return once;
    }),
    check: 'a minority answers nothing',
  },
  {
    broken: 'a leader that does not notice that it was deposed',
    scenario: 'rsm/leader-partition',
    layers: rsm({ hasLostLeadership: () => false }),
    check: 'a deposed leader answers all requests within 1 s',
    class: 'liveness',
    says: /\d+ of 100 decs have no answer/,
  },
  {
    broken: 'a leader that looks at indices only',
    scenario: 'rsm/leader-partition',
    layers: rsm({ isSame: () => true }),
    check: 'a request is answered when it is carried out',
    says: /^s\d answers OK to .*"dec".* at index \d+, where .*"inc".* was carried out$/,
  },
  {
    broken: 'a deposed leader that gives up in words of its own',
    scenario: 'rsm/leader-partition',
    layers: answers((_env, done) => (result) => {
      done(result.err === 'OK' ? result : ({ err: 'ErrTimeout' } as never));
    }),
    check: 'a deposed leader answers with an error',
  },
  {
    broken: 'a server that is mute after a restart',
    scenario: 'rsm/restart-replay',
    layers: answers((env, done) => (env.incarnation === 1 ? done : () => {})),
    check: IN_10_S,
    class: 'liveness',
  },
  {
    broken: 'a server that is mute after a restart',
    scenario: 'rsm/shutdown',
    layers: answers((env, done) => (env.incarnation === 1 ? done : () => {})),
    check: 'all requests return within 11 s of a shutdown',
    class: 'liveness',
    says: /100 of 200 have not/,
  },
  {
    broken: 'a server that is mute after a second restart',
    scenario: 'rsm/restart-submit',
    layers: answers((env, done) => (env.incarnation <= 2 ? done : () => {})),
    check: 'all requests return within 11 s of a shutdown',
    class: 'liveness',
  },
  {
    broken: 'a layer that takes no snapshots',
    scenario: 'rsm/snapshot',
    layers: rsm({ needsSnapshot: () => false }),
    check: SIZE,
    class: 'performance',
    says: /at most 2000 are allowed/,
  },
];

const kvCases: readonly Guard[] = [
  {
    broken: 'a put that moves the version by two',
    scenario: 'kvraft/basic',
    layers: machine({ written: (_entry, { value, version }) => ({ value, version: version + 2 }) }),
    check: VERSIONS,
  },
  {
    broken: 'a clerk that is unsure without a reason',
    scenario: 'kvraft/concurrent',
    layers: clerk({ outcome: (err) => (err === 'OK' ? 'ErrMaybe' : err) }),
    check: VERSIONS,
    says: /key "k" has version \d+, and 0 puts said OK and \d+ ErrMaybe/,
  },
  {
    broken: 'a server that never answers',
    scenario: 'kvraft/basic',
    layers: silent,
    check: END,
    class: 'liveness',
  },
  {
    broken: 'a clerk that tries again without a pause',
    scenario: 'kvraft/basic',
    layers: clerk({}, { pause: async () => {} }),
    check: 'no request storm',
    class: 'performance',
  },
  {
    broken: 'a server that takes snapshots unasked',
    scenario: 'kvraft/concurrent',
    layers: eager,
    check: 'no snapshots unless they are asked for',
  },
  {
    broken: 'a get with another version',
    scenario: 'kvraft/concurrent',
    layers: wrappedClerk((_env, own) => ({
      ...own,
      async get(key) {
        const reply = await own.get(key);
        return { ...reply, version: Math.max(0, reply.version - 1) };
      },
    })),
    check: VERSIONS,
  },
  {
    broken: 'a get with the wrong error and the right value',
    scenario: 'kvraft/unreliable',
    layers: wrappedClerk((_env, own) => ({
      ...own,
      get: async (key) => ({ ...(await own.get(key)), err: 'ErrNoKey' }),
    })),
    check: 'linearizable',
  },
  {
    broken: 'a server that refuses one put of many',
    scenario: 'kvraft/speed',
    layers: machine({
      judgePut: (entry, args) =>
        args.version === 500 ? 'ErrVersion' : kvMachineRules.judgePut(entry, args),
    }),
    check: 'every put succeeds',
    says: /put 500 answered "ErrVersion"/,
  },
  {
    broken: 'a clerk that takes its time',
    scenario: 'kvraft/speed',
    layers: wrappedClerk((env, own) => ({
      ...own,
      async put(...args) {
        await env.sleep(34);
        return await own.put(...args);
      },
    })),
    check: 'puts are fast enough',
    class: 'liveness',
    says: /1000 puts took \d+ ms, at most 33333 ms allowed/,
  },
  {
    broken: 'a get with another value',
    scenario: 'kvraft/snapshot-speed',
    layers: wrappedClerk((_env, own) => ({
      ...own,
      get: async (key) => ({ ...(await own.get(key)), value: '?' }),
    })),
    check: GOT,
  },
  {
    broken: 'a server that reads by itself',
    scenario: 'kvraft/one-partition',
    layers: localReads,
    check: 'no progress in a minority',
  },
  {
    broken: 'a clerk that is slow to try again',
    scenario: 'kvraft/one-partition',
    layers: clerk({}, { pause: (env) => env.sleep(8000) }),
    check: 'completion after healing',
    class: 'liveness',
    seeds: 5,
  },
  {
    broken: 'a server that reads by itself',
    scenario: 'kvraft/persist-partition',
    layers: localReads,
    check: 'linearizable',
    seeds: 12,
  },
  {
    broken: 'a clerk that takes a lost leader for a refusal',
    scenario: 'kvraft/persist-concurrent-unreliable',
    layers: clerk({ mayHaveHappened: () => false }),
    check: VERSIONS,
    says: /and \d+ puts said OK and 0 ErrMaybe/,
  },
  ...['kvraft/snapshot-rpc', 'kvraft/snapshot-size', 'kvraft/snapshot-recover'].map((scenario) => ({
    broken: 'a layer that takes no snapshots',
    scenario,
    layers: rsm({ needsSnapshot: () => false }),
    check: SIZE,
    class: 'performance' as const,
    says: /at most 8000 are allowed/,
  })),
  {
    broken: 'a snapshot that grows',
    scenario: 'kvraft/snapshot-size',
    layers: machine({ snapshotOf: (all) => `${kvMachineRules.snapshotOf(all)}${' '.repeat(500)}` }),
    check: 'size of a snapshot',
    class: 'performance',
    says: /at most 500 are allowed/,
  },
  {
    broken: 'a snapshot that is no text',
    scenario: 'kvraft/snapshot-rpc',
    layers: machine({ snapshotOf: () => undefined as unknown as string }),
    check: 'a snapshot is a string',
    says: /^s\d takes one after index \d+ which is undefined$/,
  },
  {
    broken: 'a snapshot without its last key',
    scenario: 'kvraft/snapshot-rpc',
    layers: machine({
      entriesOf: (text) => new Map([...kvMachineRules.entriesOf(text)].slice(0, -1)),
    }),
    check: GOT,
  },
  {
    broken: 'a snapshot without versions',
    scenario: 'kvraft/snapshot-unreliable-recover',
    layers: machine({
      entriesOf: (text) =>
        new Map(
          [...kvMachineRules.entriesOf(text)].map(([key, { value }]) => [
            key,
            { value, version: 1 },
          ]),
        ),
    }),
    check: 'replicas answer alike',
  },
  {
    broken: 'a server that loses an append',
    scenario: 'kvraft/appends',
    layers: machine({
      written: (entry, args) =>
        args.version % 10 === 9
          ? { value: entry!.value, version: args.version + 1 }
          : kvMachineRules.written(entry, args),
    }),
    check: "a get holds the client's own last append",
  },
  {
    broken: 'a server that doubles an append',
    scenario: 'kvraft/appends',
    layers: machine({
      written: (entry, args) =>
        args.version === 9
          ? { value: `${args.value}${/\([^)]*\)$/.exec(args.value)![0]}`, version: 10 }
          : kvMachineRules.written(entry, args),
    }),
    check: 'every append is there once and in order',
    says: /c\d appended \d+; number \d+ in the end is \(c\d\.\d+\)/,
  },
  {
    broken: 'a clerk that never says ErrMaybe',
    scenario: 'kvraft/appends',
    layers: clerk({ outcome: (err) => err }),
    check: 'a put that was refused has written nothing',
  },
];

describe.each([
  { part: 'the replicated state machine', cases: rsmCases },
  { part: 'key/value', cases: kvCases },
])('what the assertions guard: $part', ({ cases }) => {
  test.each(titled(cases))('%s', { timeout: 60_000 }, async (_title, guard) => {
    expect(await objections(registry.scenario(guard.scenario), guard)).toEqual([]);
  });
});

describe('a state machine that is wrong is named, with node, index and request:', () => {
  const cases: readonly {
    readonly wrong: string;
    readonly layers: Layers;
    readonly verdict: Verdict;
    readonly says: RegExp;
  }[] = [
    {
      wrong: 'a request that it does not know',
      layers: {
        makeReplicatedKvServer: replicatedKvServer({
          ...replicatedServerPorts,
          submit: (own, request) => throughTheLog(own, { ...request, op: 'increment' as 'get' }),
        }),
      },
      verdict: 'crash',
      says: /of s\d fails at index 1 on \{"op":"increment","key":"k".*\}: expected a get or a put$/,
    },
    {
      wrong: 'no request at all',
      layers: {
        makeReplicatedKvServer: replicatedKvServer({
          ...replicatedServerPorts,
          submit: (own) => throughTheLog(own, undefined),
        }),
      },
      verdict: 'crash',
      says: /the state machine of s\d fails at index 1 on nothing: /,
    },
    {
      wrong: 'one that throws',
      layers: onMachine(() =>
        changed((work, n) => {
          if (n === 5) throw new Error('out of memory');
          return work();
        }),
      ),
      verdict: 'crash',
      says: /the state machine of s\d fails at index 6 on \{"op":.*\}: out of memory$/,
    },
    {
      wrong: 'one that answers differently on another replica',
      layers: (() => {
        let machines = 0;
        return onMachine(() => {
          const isOdd = machines++ === 3;
          return changed((work, n) => (isOdd && n === 6 ? { err: 'OK?' } : work()));
        });
      })(),
      verdict: 'violation',
      says: /^s\d carries out \{.*\} at index 7 and answers \{.*\}; s\d did \{.*\} there and/,
    },
    ...[0, 150, 299].map((place) => ({
      wrong: `one that answers differently on another replica, ${place} characters on`,
      layers: (() => {
        let machines = 0;
        return onMachine(() => {
          const own = machines++ === 3 ? '!' : '.';
          const more = `${'.'.repeat(place)}${own}${'.'.repeat(300 - place)}`;
          return changed((work) => ({ ...(work() as object), more }));
        });
      })(),
      verdict: 'violation' as const,
      // The difference is among what is quoted, wherever it lies.
      says: /^s\d carries out \{.*\} at index 1 and answers .*!.*; s\d did \{.*\} there/,
    })),
    {
      wrong: 'one whose answers differ at their end only, however long they are',
      layers: (() => {
        let machines = 0;
        return onMachine(() => {
          const mark = `${'='.repeat(500)}${machines++}`;
          return changed((work, n) => (n === 6 ? { ...(work() as object), mark } : work()));
        });
      })(),
      verdict: 'violation',
      says: /at index 7 and answers \.\.\.=+\d"\}; s\d did \{.* answered \.\.\.=+\d"\}$/,
    },
    {
      wrong: 'one that answers with what cannot travel',
      layers: onMachine(() => changed((work, n) => (n === 6 ? { say: () => work() } : work()))),
      verdict: 'crash',
      says: /of s\d fails at index 7 on \{"op":.*\}: a message cannot carry a function$/,
    },
    {
      wrong: 'one that answers later, which it cannot',
      layers: onMachine(() => changed(async (work) => work())),
      verdict: 'crash',
      says: /of s\d fails at index 1 on \{"op":.*\}: a message cannot carry a Promise/,
    },
    {
      wrong: 'one that answers nothing',
      layers: onMachine(() => changed((work, n) => (n === 6 ? void work() : work()))),
      verdict: 'violation',
      says: /^s\d carries out \{"op":.*\} at index 7 and answers nothing$/,
    },
  ];

  test.each(cases)('$wrong', async ({ layers, verdict, says }) => {
    const scenario = registry.scenario('kvraft/basic');
    const { result } = await runScenario(scenario, 1, { layers });

    expect(result).toMatchObject({ verdict });
    expect(result.reason).toMatch(says);
  });
});
