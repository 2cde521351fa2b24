import type { KvClerk } from '../kvsrv/index.ts';
import type { Env } from '../sim/index.ts';
import { checkConfig, configText, FIRST_NUM, InvalidConfig, type ShardConfig } from './config.ts';
import type {
  ChangeResult,
  GivesUp,
  GroupClerks,
  InstallArgs,
  MakeShardCtrler,
  OldConfig,
  ShardCtrler,
  Tried,
} from './contract.ts';
import { type Both, type CtrlerRules, ctrlerRules, type Stored, storedIn } from './ctrler-rules.ts';
import { knownGroups } from './known-groups.ts';
import { type Move, movesBetween } from './rebalance.ts';

/** The two keys that are a controller's whole memory. */
const CURRENT = 'config/current';
const NEXT = 'config/next';

/** Rounds of a group's servers before a controller looks whether others have finished. */
const ROUNDS = 4;

/** Before asking again whether there is a first configuration, in ms. */
const WAIT_MS = 50;

/**
 * Longest piece of a shard that is installed at once, in characters. A character may take six
 * bytes, and an entry of a log has 1 MiB.
 */
const PIECE_LENGTH = 131_072;

/** The steps by which a shard moves; each may be repeated. */
export interface Steps {
  /** Stop the source from serving it. @returns its state; undefined = it has moved already */
  freeze(move: Move): Promise<string | undefined>;
  install(move: Move, state: string): Promise<void>;
  delete(move: Move): Promise<void>;
}

/** In what order things are done. */
export interface CtrlerPorts {
  moveAll(env: Env, moves: readonly Move[], moveOne: (move: Move) => Promise<void>): Promise<void>;
  moveOne(env: Env, move: Move, steps: Steps): Promise<void>;
}

export const ctrlerPorts: CtrlerPorts = {
  // All at once: a group that is down holds up nobody but its own shards.
  moveAll: async (_env, moves, moveOne) => {
    await Promise.all(moves.map(moveOne));
  },
  // At every moment one group at least has the data, and one at most serves it.
  moveOne: async (_env, move, steps) => {
    const state = await steps.freeze(move);
    if (state === undefined) return;
    await steps.install(move, state);
    await steps.delete(move);
  },
};

/** Others have finished the configuration that a controller works on. */
class Superseded extends Error {}

class Controller implements ShardCtrler {
  private readonly env: Env;
  private readonly store: KvClerk;
  private readonly groups: GroupClerks;
  private readonly rules: CtrlerRules;
  private readonly ports: CtrlerPorts;
  private readonly lastRead = new Map<string, Stored>();

  constructor(
    env: Env,
    store: KvClerk,
    groups: GroupClerks,
    { rules, ports }: { readonly rules: CtrlerRules; readonly ports: CtrlerPorts },
  ) {
    this.env = env;
    this.store = store;
    this.groups = knownGroups(groups);
    this.rules = rules;
    this.ports = ports;
  }

  async initConfig(config: ShardConfig): Promise<void> {
    checkConfig(config);
    if (config.num !== FIRST_NUM) {
      throw new InvalidConfig(`the first configuration has number ${FIRST_NUM}, not ${config.num}`);
    }
    await this.store.put(NEXT, configText(config), 0);
    // Whoever was first decides; and whatever is there, it is in force from now on.
    await this.initController();
  }

  async query(): Promise<ShardConfig> {
    for (;;) {
      const { config } = await this.read(CURRENT);
      if (config !== undefined) return config;
      await this.env.sleep(WAIT_MS);
    }
  }

  async queryNext(): Promise<ShardConfig | undefined> {
    return this.rules.unfinished(await this.readBoth());
  }

  async changeConfigTo(config: ShardConfig): Promise<ChangeResult> {
    checkConfig(config);
    let isMaybe = false;
    for (;;) {
      const both = await this.readBoth();
      this.checkSuccessor(both.current.config, config);
      const claim = this.rules.claim(config, both, isMaybe);
      if (typeof claim === 'object') return claim;
      if (claim === 'in force') return { err: 'OK' };
      if (claim === 'posted') {
        await this.complete(both.current.config, config);
        return { err: 'OK' };
      }
      const outcome = await this.store.put(NEXT, configText(config), both.next.version);
      if (outcome === 'OK') {
        // Nobody posts another one before this is in force, so that nobody else was quicker.
        await this.complete(both.current.config, config);
        return { err: 'OK' };
      }
      // The next look tells who has the number.
      isMaybe ||= outcome === 'ErrMaybe';
    }
  }

  async initController(): Promise<boolean> {
    const both = await this.readBoth();
    const config = this.rules.unfinished(both);
    if (config === undefined) return false;
    await this.complete(both.current.config, config);
    return true;
  }

  /** Move what has to move, then say that it has. */
  private async complete(before: ShardConfig | undefined, config: ShardConfig): Promise<void> {
    const { env, ports } = this;
    try {
      const moves = before === undefined ? [] : movesBetween(before, config);
      await ports.moveAll(env, moves, (move) =>
        ports.moveOne(env, move, this.steps(before!, config)),
      );
    } catch (error) {
      if (error instanceof Superseded) return;
      throw error;
    }
    for (;;) {
      const current = await this.read(CURRENT);
      if (!this.rules.mayReplace(current.config, config)) return;
      // At another version it is not what was read: look again.
      if ((await this.store.put(CURRENT, configText(config), current.version)) === 'OK') return;
    }
  }

  private steps(before: ShardConfig, config: ShardConfig): Steps {
    const { num } = config;
    const source = ({ from }: Move) => this.groups(from, before.groups[from]!);
    const destination = ({ to }: Move) => this.groups(to, config.groups[to]!);
    const wrong = ({ shard, from, to }: Move, what: string): Error =>
      new Error(
        `configuration ${num}: ${what} shard ${shard}, which is to go from ${from} to ${to}`,
      );
    return {
      freeze: async (move) => {
        const { shard, from } = move;
        const group = source(move);
        const servers = before.groups[from]!.length;
        const reply = await this.ask(num, servers, (givesUp) =>
          group.freezeShard({ shard, num }, givesUp),
        );
        if (reply.err === 'ErrWrongGroup') throw wrong(move, 'the source has never had');
        return reply.err === 'OK' ? reply.state : undefined;
      },
      install: async (move, state) => {
        const { shard, to } = move;
        const group = destination(move);
        for (const piece of piecesOf(state)) {
          await this.ask(num, config.groups[to]!.length, (givesUp) =>
            group.installShard({ shard, num, ...piece }, givesUp),
          );
        }
      },
      delete: async (move) => {
        const { shard, from } = move;
        const group = source(move);
        const reply = await this.ask(num, before.groups[from]!.length, (givesUp) =>
          group.deleteShard({ shard, num }, givesUp),
        );
        if (reply.err === 'ErrWrongGroup') throw wrong(move, 'the source has not frozen');
      },
    };
  }

  /**
   * Ask a group until it answers; it may be down for long.
   * @throws Superseded if that is not needed any more
   */
  private async ask<R extends { readonly err: string }>(
    num: number,
    servers: number,
    request: (givesUp: GivesUp) => Promise<Tried<R | OldConfig>>,
  ): Promise<Exclude<R, OldConfig>> {
    for (;;) {
      const { reply } = await request((sent) => sent >= ROUNDS * servers);
      if (reply === undefined) {
        const { config } = await this.read(CURRENT);
        if (config !== undefined && config.num >= num) throw new Superseded();
      } else if (isOldConfig(reply) && this.rules.isSuperseded(num, reply.num)) {
        throw new Superseded();
      } else {
        return reply as Exclude<R, OldConfig>;
      }
    }
  }

  /** @throws InvalidConfig if it does not fit the present configuration at all */
  private checkSuccessor(current: ShardConfig | undefined, { num, shards }: ShardConfig): void {
    const reason =
      current === undefined
        ? 'there is no first one'
        : current.shards.length === shards.length
          ? undefined
          : `it has ${shards.length} shards, and there are ${current.shards.length}`;
    if (reason !== undefined) throw new InvalidConfig(`configuration ${num}: ${reason}`);
  }

  /** The next one first: read in the other order, a change could begin and end in between. */
  private async readBoth(): Promise<Both> {
    const next = await this.read(NEXT);
    const current = await this.read(CURRENT);
    return { next, current };
  }

  /** Equal versions are equal values: one that was read before is not parsed again. */
  private async read(key: string): Promise<Stored> {
    const reply = await this.store.get(key);
    const last = this.lastRead.get(key);
    if (last?.version === reply.version) return last;
    const stored = storedIn(reply);
    this.lastRead.set(key, stored);
    return stored;
  }
}

/** The controller of lab 5, of these parts. */
export function shardCtrler(rules: CtrlerRules, ports: CtrlerPorts): MakeShardCtrler {
  return (env, store, groups) => new Controller(env, store, groups, { rules, ports });
}

export const makeShardCtrler: MakeShardCtrler = shardCtrler(ctrlerRules, ctrlerPorts);

/** A state in pieces that an entry of a log takes; most have one. */
function piecesOf(state: string): Pick<InstallArgs, 'state' | 'part'>[] {
  const of = Math.ceil(state.length / PIECE_LENGTH);
  if (of <= 1) return [{ state }];
  return Array.from({ length: of }, (_, index) => ({
    state: state.slice(index * PIECE_LENGTH, (index + 1) * PIECE_LENGTH),
    part: { index, of },
  }));
}

function isOldConfig(reply: { readonly err: string }): reply is OldConfig {
  return reply.err === 'ErrOldConfig';
}
