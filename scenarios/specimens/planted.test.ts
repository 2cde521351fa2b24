/**
 * Bugs that are on no list, planted one by one in the independent implementations: the scenarios
 * that grade anybody's code catch each of them within the seeds of a grade.
 */
import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { userModules } from '../node-catalogue.ts';
import { loadUserCode, packageFile, type UserCode } from '../runner/node-user-code.ts';
import { runScenario } from '../testing/index.ts';

interface Planted {
  readonly bug: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A graded scenario, a seed that shows it, and how. */
  readonly shows: readonly [scenario: string, seed: number, check: string];
}

const raft = 'examples/raft-async.ts';
const kv = 'examples/kv-async.ts';
const mapreduce = 'examples/mapreduce-async.ts';
const shardkv = 'examples/shardkv-async.ts';
const AGREE = 'all servers agree once the world has healed';

const planted: readonly Planted[] = [
  {
    bug: 'an installed snapshot is not persisted',
    file: raft,
    find: '      this.persist(data);\n',
    replace: '',
    shows: ['raft/chaos-5', 2, 'apply order'],
  },
  {
    bug: 'lastApplied goes back when a snapshot comes while an entry is applied',
    file: raft,
    find: 'await this.apply(message);',
    replace: 'await this.apply(message);\n      this.lastApplied = message.index;',
    shows: ['raft/chaos-5', 1, 'Monotone State'],
  },
  {
    bug: 'a candidate does not persist its term and its own vote',
    file: raft,
    find: '    this.votedFor = this.me;\n    this.persist();',
    replace: '    this.votedFor = this.me;',
    shows: ['raft/chaos-3', 3, 'Durable Promises'],
  },
  {
    bug: 'a leader does not persist what it is asked to agree on',
    file: raft,
    find: '    log.replaceFrom(index, [{ term, command }]);\n    this.persist();',
    replace: '    log.replaceFrom(index, [{ term, command }]);',
    shows: ['raft/chaos-3', 4, 'Leader Completeness'],
  },
  {
    bug: 'a deposed leader keeps the mutex',
    file: raft,
    find: 'await this.sendable.wait();\n    }\n    this.mutex.unlock();',
    replace: 'await this.sendable.wait();\n    }',
    shows: ['raft/chaos-3', 1, AGREE],
  },
  {
    bug: 'a put is answered before it is saved',
    file: kv,
    find: 'await this.saved();',
    replace: 'void this.saved();',
    shows: ['kv/crash-points', 10, 'linearizable'],
  },
  {
    bug: 'a release is tried once',
    file: kv,
    find: `await this.clerk.put(this.key, '', version);`,
    replace: `await this.clerk.put(this.key, '', version);\n      return;`,
    shows: ['lock/chaos', 79, 'clients finish once the world has healed'],
  },
  {
    bug: 'two attempts write to one temporary file',
    file: mapreduce,
    find: '`tmp-${task}-${attempt}`',
    replace: '`tmp-${task}`',
    shows: ['mapreduce/chaos-shared', 1, 'outputs are written once'],
  },
  {
    bug: 'what a map task leaves is not synced before it is reported',
    file: mapreduce,
    find: '      await env.disk.fsync(file);\n',
    replace: '',
    shows: ['mapreduce/power-cuts', 5, 'uncaught error'],
  },
  {
    bug: 'a frozen shard goes on answering gets',
    file: shardkv,
    find: `    if (status !== 'serving') return WRONG_GROUP;
    const row = entries.get(key);
    return row`,
    replace: `    if (status === 'absent') return WRONG_GROUP;
    const row = entries.get(key);
    return row`,
    shows: ['shardkv/ctrler-crash', 3, 'linearizable'],
  },
  {
    bug: 'nobody waits for deletions before the configuration is in force',
    file: shardkv,
    find: 'await this.step(num, (givesUp) => source.deleteShard({ shard, num }, givesUp));',
    replace: `this.env.spawn('delete', async () => {
      await this.step(num, (givesUp) => source.deleteShard({ shard, num }, givesUp));
    });`,
    shows: ['shardkv/ctrler-crash', 9, 'moved shards are deleted'],
  },
  {
    bug: 'a deletion is tried once',
    file: shardkv,
    find: 'await this.step(num, (givesUp) => source.deleteShard({ shard, num }, givesUp));',
    replace: 'await source.deleteShard({ shard, num }, () => true);',
    shows: ['shardkv/chaos-3', 4, 'all is as it should be once the world has healed'],
  },
  {
    bug: 'whoever recovers says that the change is made, and moves nothing',
    file: shardkv,
    find: '    await this.finish(current, next.config);\n    return true;',
    replace: `    await this.store.put(CURRENT, configText(next.config), current.version);
    return true;`,
    shows: ['shardkv/ctrler-crash', 2, 'whoever owns a shard serves it'],
  },
  {
    bug: 'shards are moved before it is known whose the number is',
    file: shardkv,
    find: '      if (isThere || (await',
    replace: `      const moves = movesBetween(current.config, config);
      if (!isThere) {
        await Promise.all(moves.map((move) => this.move(move, current.config, config)));
      }
      if (isThere || (await`,
    shows: ['shardkv/ctrler-crash', 2, 'whoever owns a shard serves it'],
  },
  {
    bug: 'a controller takes ErrMaybe for a yes',
    file: shardkv,
    find: `(await this.store.put(NEXT, text, next.version)) === 'OK'`,
    replace: `(await this.store.put(NEXT, text, next.version)) !== 'ErrVersion'`,
    shows: ['shardkv/chaos-5', 8, 'every number belongs to one change'],
  },
  {
    bug: 'whoever recovers takes for two neighbours what it has read one after the other',
    file: shardkv,
    find: 'else if (next.config.num <= current.config.num + 1) return { current, next };',
    replace: 'else return { current, next };',
    shows: ['shardkv/slow-ctrler', 1, 'uncaught error'],
  },
  {
    bug: 'the first configuration is put until it is there, whatever is in its place',
    file: shardkv,
    find: '    await this.store.put(CURRENT, configText(config), 0);\n',
    replace: `    for (;;) {
      const version = (await this.read(CURRENT))?.version ?? 0;
      const outcome = await this.store.put(CURRENT, configText(config), version);
      if (outcome === 'OK') return;
    }\n`,
    shows: ['shardkv/slow-ctrler', 1, 'the configuration is what was asked for'],
  },
  {
    bug: 'an installation that comes twice takes back what was written since',
    file: shardkv,
    find: "    if (num === own.num && own.pieces === undefined) return { err: 'OK' };\n",
    replace: `    if (num === own.num && own.pieces === undefined) {
      const entries = new Map(JSON.parse(state) as [string, Row][]);
      this.become(shard, { status: 'serving', num, entries });
      return { err: 'OK' };
    }\n`,
    shows: ['shardkv/chaos-3', 2, 'what is acknowledged is kept'],
  },
  {
    bug: 'of the two owners that a clerk has asked, it remembers the failures of the last',
    file: shardkv,
    find: 'failed += tried.failed;',
    replace: 'failed = tried.failed;',
    shows: ['shardkv/lost-reply', 1, 'what was carried out is not refused'],
  },
  {
    bug: 'a way to a group counts what was lost, and not what a deposed leader may have started',
    file: shardkv,
    find: 'if (refused === undefined || refused.isMaybe === true) failed++;',
    replace: 'if (refused === undefined) failed++;',
    shows: ['shardkv/chaos-5', 22, 'linearizable'],
  },
  {
    bug: 'a server that restarts from a snapshot forgets what it has heard of shards that are gone',
    file: shardkv,
    find: 'this.shards = shards.map((own) => ({ ...own, entries: new Map(own.entries) }));',
    replace: `this.shards = shards.map(({ status, num, entries }) => {
      return { status, num: status === 'absent' ? 0 : num, entries: new Map(entries) };
    });`,
    shows: ['shardkv/chaos-3', 9, 'numbers never go back'],
  },
  {
    bug: 'ways to groups are kept by gid alone',
    file: shardkv,
    find: 'const name = `${gid} at ${servers.join()}`;',
    replace: 'const name = String(gid);',
    shows: ['shardkv/gid-again', 1, 'a change comes to its end'],
  },
];

const registry = new Registry(packs);
const own = new Map<string, Promise<UserCode>>();

test.each(planted)('$bug', { timeout: 60_000 }, async ({ file, find, replace, shows }) => {
  const [name, seed, check] = shows;
  const path = packageFile(file);
  const wrong = await loadUserCode(path, userModules, { file, find, replace });
  const right = own.get(file) ?? loadUserCode(path, userModules);
  own.set(file, right);

  const caught = await runScenario(registry.scenario(name), seed, { implementation: wrong });
  expect(caught.result.check).toBe(check);
  const clean = await runScenario(registry.scenario(name), seed, { implementation: await right });
  expect(clean.result.verdict).toBe('pass');

  const { seeds } = gradedWith(name);
  expect(seed).toBeLessThanOrEqual(seeds);
});

/** How many seeds a grade runs of a scenario, at least. */
function gradedWith(scenario: string): { seeds: number } {
  const beyond = packs.flatMap((pack) => pack.beyond ?? []);
  const weights = beyond.filter((one) => one.scenario === scenario).map((one) => one.weight ?? 1);
  return { seeds: 10 * Math.max(...weights) };
}
