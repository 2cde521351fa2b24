import { z } from 'zod';
import type { GetReply, KvClerk, Version } from '../../kvsrv/index.ts';
import {
  type ChangeResult,
  configText,
  gidsOf,
  type Gid,
  joined,
  left,
  type ShardConfig,
  type ShardCtrler,
} from '../../shardkv/index.ts';
import type { Env, FaultAction } from '../../sim/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { viewField } from '../define/view-field.ts';
import { kvIsLinearizable } from '../lab2-kv/checks.ts';
import { PerRun } from '../lab4-kvraft/per-run.ts';
import { type ClusterOptions, type Lab5Layers, ShardCluster, shardLayers } from './cluster.ts';

type Run = Tester<unknown, Lab5Layers>;

/** Keys of the official tests: they lie in all shards. */
const KEYS = 60;
export const keys: readonly string[] = Array.from({ length: KEYS }, (_, i) => `k${i}`);

/** Changes of configuration that nobody else disturbs are done so soon, in ms. */
const CHANGE_MS = 20_000;

/** A controller that a script tells what to do. */
export class ScriptedCtrler {
  readonly id: string;
  private readonly run: ScriptRun;
  private ctrler: ShardCtrler | undefined = undefined;
  private env: Env | undefined = undefined;
  private cuts = 0;

  constructor(run: ScriptRun, id: string) {
    this.run = run;
    this.id = id;
    run.t.addNode(id, (env) => {
      this.env = env;
      this.ctrler = run.cluster.ctrler(env);
    });
  }

  query(): Promise<ShardConfig> {
    return this.ask((ctrler) => ctrler.query());
  }

  initConfig(config: ShardConfig): Promise<void> {
    return this.ask((ctrler) => ctrler.initConfig(config));
  }

  /** @returns was there a change to finish? */
  recover(): Promise<boolean> {
    return this.ask((ctrler) => ctrler.initController());
  }

  /** Change to what `change` makes of the present configuration. */
  async tryTo(change: (config: ShardConfig) => ShardConfig): Promise<Attempt> {
    const config = change(await this.query());
    const result = await this.ask((ctrler) => ctrler.changeConfigTo(config));
    return { config, result };
  }

  /** Groups join, and nobody else changes anything: it must succeed, and be what was asked for. */
  join(...gids: Gid[]): Promise<ShardConfig> {
    return this.change((config) => joined(config, this.run.cluster.serversOf(...gids)));
  }

  leave(...gids: Gid[]): Promise<ShardConfig> {
    return this.change((config) => left(config, gids));
  }

  /** Whatever is made of the present configuration: the same holds. */
  async change(change: (config: ShardConfig) => ShardConfig): Promise<ShardConfig> {
    const { t } = this.run;
    const work = this.tryTo(change);
    const isDone = await t.inTime(CHANGE_MS, work);
    t.expectInTime('a change comes to its end', isDone, () => {
      return `${this.id} has not changed the configuration within ${CHANGE_MS} ms`;
    });
    const { config, result } = await work;
    t.expect('a change that nobody else disturbs succeeds', result.err === 'OK', () => {
      return `${this.id} was answered ${JSON.stringify(result)} to configuration ${config.num}`;
    });
    const now = await this.query();
    t.expect('the configuration is what was asked for', isSame(now, config), () => {
      return `asked for ${describe(config)}, and there is ${describe(now)}`;
    });
    t.count('changes');
    return now;
  }

  /** These nodes do not hear this controller any more, nor it them. Default: all others. */
  cutOff(from?: readonly string[]): void {
    const { world } = this.run.t;
    const others = from ?? world.targets().filter((id) => id !== this.id);
    const id = `${this.id} cut off #${++this.cuts}`;
    const cut: FaultAction = {
      id,
      kind: 'cut',
      atMs: world.now(),
      untilMs: world.now() + 3_600_000,
      between: [this.id, others],
    };
    world.begin(cut);
  }

  reconnect(): void {
    this.run.t.world.lift(`${this.id} cut off #${this.cuts}`);
  }

  private async ask<T>(work: (ctrler: ShardCtrler) => Promise<T>): Promise<T> {
    const answer = await this.run.t.ask<{ readonly value: T }>(this.id, (done) =>
      answered(this.env!, work(this.ctrler!), (value) => done({ value })),
    );
    // Nobody crashes it.
    return answer!.value;
  }
}

/** A change that was asked for, and what was answered. */
export interface Attempt {
  readonly config: ShardConfig;
  readonly result: ChangeResult;
}

/** A client that a script tells what to do; it knows what the keys should hold. */
export class ScriptedClient {
  private readonly run: ScriptRun;
  private readonly id: string;
  private clerk: KvClerk | undefined = undefined;
  private env: Env | undefined = undefined;

  constructor(run: ScriptRun, id: string) {
    this.run = run;
    this.id = id;
    run.t.addNode(id, (env) => {
      this.env = env;
      this.clerk = run.cluster.clerk(env);
    });
  }

  get(key: string): Promise<GetReply> {
    return this.ask((clerk) => clerk.get(key));
  }

  put(key: string, value: string, version: Version): Promise<string> {
    return this.ask((clerk) => clerk.put(key, value, version));
  }

  /** Create all keys, each with a value of its own of so many characters at least. */
  async fill(length = 1): Promise<void> {
    const { t } = this.run;
    for (const key of keys) {
      const outcome = await this.put(key, valueOf(key, length), 0);
      t.expect('a put of a new key succeeds', outcome === 'OK' || outcome === 'ErrMaybe', () => {
        return `${this.id} put ${key} at version 0, and was answered ${outcome}`;
      });
    }
    await this.checkAll(length);
  }

  /** All keys hold what {@link fill} has put. */
  async checkAll(length = 1): Promise<void> {
    for (const key of keys) await this.check(key, length);
  }

  async check(key: string, length = 1): Promise<void> {
    const { value, version, err } = await this.get(key);
    const isRight = err === 'OK' && version === 1 && value === valueOf(key, length);
    this.run.t.expect('data is intact', isRight, () => {
      return `${key} was put once, and get answered ${err}, version ${version}: ${value}`;
    });
    this.run.t.count('keys checked');
  }

  private async ask<T>(work: (clerk: KvClerk) => Promise<T>): Promise<T> {
    const answer = await this.run.t.ask<T>(this.id, (done) =>
      answered(this.env!, work(this.clerk!), done),
    );
    return answer!;
  }
}

/**
 * What a call comes to. If it throws, a task of its node does so at once: a promise that nobody
 * handles is found when the host has its turn, and a check may have failed before for want of it.
 */
function answered<T>(env: Env, work: Promise<T>, done: (value: T) => void): void {
  work.then(done, (error: unknown) => {
    env.spawn('asked', () => {
      throw error;
    });
  });
}

function valueOf(key: string, length: number): string {
  return `value of ${key}`.padEnd(length, '.');
}

function isSame(one: ShardConfig, other: ShardConfig): boolean {
  return configText(one) === configText(other);
}

function describe(config: ShardConfig): string {
  return `configuration ${config.num} of groups ${gidsOf(config).join(', ')}`;
}

/** What a script works with. */
export interface ScriptRun {
  readonly t: Run;
  readonly cluster: ShardCluster;
}

/** A test like those of lab 5, which does what its script says. */
export interface ScriptedTest extends ClusterOptions {
  /** `shardkv/join-basic`. */
  readonly name: string;
  /** The official test it is; absent = none. */
  readonly test?: string;
  readonly description: string;
  readonly isUnreliable?: boolean;
  /** Network profile, if it is none of the lab's. */
  readonly profile?: string;
  /** See {@link Scenario.atLeast}. */
  readonly atLeast?: Scenario['atLeast'];
  script(run: ScriptRun): Promise<void>;
}

const clusters: PerRun<ShardCluster> = new PerRun();

export function scriptedScenario(row: ScriptedTest): Scenario {
  const { name, test, description, isUnreliable = false, atLeast, script } = row;
  const { profile = isUnreliable ? 'lab-unreliable' : 'lab-reliable' } = row;
  return defineScenario({
    name,
    lab: 5,
    test,
    description,
    params: z.object({ view: viewField }),
    layers: shardLayers,
    checks: [kvIsLinearizable],
    atLeast,
    plan: () => ({ profile }),
    setup(t) {
      const { view } = t.params;
      clusters.set(t, new ShardCluster(t, { ...row, view, looksBelow: view }));
    },
    run: (t) => script({ t, cluster: clusters.of(t) }),
  });
}

/** The first configuration, all keys, and who made them: how most tests begin. */
export async function begin(
  run: ScriptRun,
  length = 1,
): Promise<{ ctrler: ScriptedCtrler; client: ScriptedClient }> {
  const ctrler = new ScriptedCtrler(run, 'ctrler');
  const client = new ScriptedClient(run, 'client');
  await ctrler.initConfig(run.cluster.firstConfig());
  await client.fill(length);
  return { ctrler, client };
}

/** Start so many more groups, numbered after the first. @returns their numbers */
export function addGroups({ cluster }: ScriptRun, count: number): Gid[] {
  const gids = Array.from({ length: count }, (_, i) => cluster.groups.size + 1 + i);
  for (const gid of gids) cluster.addGroup(gid);
  return gids;
}

/** Start one more group. @returns its number */
export function addGroup(run: ScriptRun): Gid {
  return addGroups(run, 1)[0]!;
}
