import { z } from 'zod';
import {
  type ChangeResult,
  configText,
  type Gid,
  gidsOf,
  joined,
  left,
  moved,
  type ShardConfig,
  type ShardCtrler,
} from '../../shardkv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import type { ShardCluster } from './cluster.ts';
import { StepsUnderWay } from './steps.ts';

/** What a controller means to change, as it stands in a plan. */
export type Change =
  | { readonly op: 'toggle'; readonly gid: Gid; readonly thinkMs: number }
  | {
      readonly op: 'move';
      readonly gid: Gid;
      readonly shard: number;
      readonly thinkMs: number;
    };

const thinkMs = z.number().min(0).max(3_600_000);
export const changeIntent: z.ZodType<Change> = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('toggle'), gid: z.int().min(1), thinkMs }),
  z.strictObject({ op: z.literal('move'), gid: z.int().min(1), shard: z.int().min(0), thinkMs }),
]);

/** Refusals in a row after which a controller takes the other one for dead, and recovers. */
const PATIENCE = 5;
/** Pause after a refusal, in ms. */
const REFUSED_MS = 40;

type Judge = Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>;

/** What controllers have been told, in all their lives. */
export class Changes {
  private readonly t: Judge;
  /** By number: what is in force, or was. */
  private readonly made = new Map<number, string>();
  /** Controllers that are at work. */
  private readonly busy = new Set<string>();
  private readonly changing = new Set<string>();
  /** What each is at, in its present life. */
  private readonly steps = new Map<string, StepsUnderWay>();

  constructor(t: Judge) {
    this.t = t;
  }

  get isQuiet(): boolean {
    return this.busy.size === 0;
  }

  /** A life of a controller begins. @returns who has to be told what it asks groups for */
  began(ctrler: string): StepsUnderWay {
    const { t, busy, changing, steps } = this;
    busy.add(ctrler);
    for (const step of steps.get(ctrler)?.now ?? []) {
      t.count(`crashes while ${step}`);
      t.probe(`a controller crashed while ${step}`);
    }
    if (changing.delete(ctrler)) {
      t.count('controllers lost in a change');
      t.probe('a controller crashed in a change');
    }
    const underWay = new StepsUnderWay();
    steps.set(ctrler, underWay);
    return underWay;
  }

  ended(ctrler: string): void {
    this.busy.delete(ctrler);
  }

  /** Nobody may be told that a number is of one configuration, and somebody of another one. */
  async change(ctrler: string, config: ShardConfig, work: Promise<ChangeResult>): Promise<string> {
    const { t, made } = this;
    this.changing.add(ctrler);
    const { err } = await work;
    this.changing.delete(ctrler);
    if (err === 'ErrTaken') {
      t.count('superseded');
      t.probe('a change was refused');
    }
    if (err !== 'OK') return err;
    t.count('changes');
    const text = configText(config);
    const other = made.get(config.num) ?? text;
    made.set(config.num, text);
    t.expect('every number belongs to one change', other === text, () => {
      return `${ctrler} is told that ${text} is made, and ${other} was`;
    });
    return err;
  }

  recovered(): void {
    this.t.count('recoveries');
    this.t.probe('a half-done change was finished');
  }

  /** Nothing that was made is undone. */
  judge(final: ShardConfig): void {
    const last = Math.max(1, ...this.made.keys());
    const text = this.made.get(final.num);
    const isKept = final.num > last || text === undefined || text === configText(final);
    this.t.expect('no change is lost', final.num >= last && isKept, () => {
      return `configuration ${last} was made, and in the end there is ${configText(final)}`;
    });
  }
}

/** The program of a controller: recover first, then change whatever the plan says. */
export async function runCtrler(
  env: Env,
  cluster: ShardCluster,
  intents: Change[],
  changes: Changes,
  isOver: () => boolean,
): Promise<void> {
  const ctrler = cluster.ctrler(env, changes.began(env.id));
  const recover = async (): Promise<void> => {
    if (await ctrler.initController()) changes.recovered();
  };
  await recover();
  let refused = 0;
  while (!isOver()) {
    // Taken at once: whoever crashes over it goes on with the next one.
    const intent = intents.shift();
    if (intent === undefined) break;
    const config = nextOf(await ctrler.query(), intent, cluster);
    if (config === undefined) continue;
    const err = await changes.change(env.id, config, ctrler.changeConfigTo(config));
    refused = err === 'OK' ? 0 : refused + 1;
    if (refused >= PATIENCE) await recover();
    await env.sleep(err === 'OK' ? intent.thinkMs : REFUSED_MS);
  }
  changes.ended(env.id);
}

/** Undefined = there is nothing to change. */
function nextOf(
  config: ShardConfig,
  intent: Change,
  cluster: ShardCluster,
): ShardConfig | undefined {
  const { gid } = intent;
  const isMember = gid in config.groups;
  if (intent.op === 'move') {
    const shard = intent.shard % config.shards.length;
    return isMember && config.shards[shard] !== gid ? moved(config, shard, gid) : undefined;
  }
  if (!isMember) return joined(config, cluster.serversOf(gid));
  return gidsOf(config).length > 1 ? left(config, [gid]) : undefined;
}

/** After the end: nothing is left half-done. @returns the configuration in force */
export async function settle(ctrler: ShardCtrler): Promise<ShardConfig> {
  await ctrler.initController();
  return await ctrler.query();
}
