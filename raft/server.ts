import { type Env, LaterReply, pack, type Peer, UNKNOWN } from '../sim/index.ts';
import { type Apply, CommandTooLarge, type MakeRaft, type Raft } from './contract.ts';
import { Core } from './core/core.ts';
import type { Effects } from './core/effects.ts';
import type { Input } from './core/input.ts';
import type { Method, Request, Rpcs } from './core/messages.ts';
import { type Rules, rules as ourRules } from './core/rules.ts';
import type { Durable } from './core/state.ts';
import { Outbox } from './outbox.ts';
import { type Ports, ports as ourPorts } from './ports.ts';
import type { Storage } from './storage/storage.ts';

/** Heartbeats go out ten times a second, the most that the labs allow. */
const HEARTBEAT_MS = 100;

/** Largest command that {@link Raft.start} takes, in bytes as messages are counted. */
const COMMAND_MAX_BYTES = 1 << 20;

/**
 * A Raft server: the synchronous core, with a clock, a network, a disk and a service around it.
 * What a step wants done waits until the changes before it are durable.
 */
class Server {
  private readonly env: Env;
  private readonly peers: readonly Peer[];
  private readonly apply: Apply;
  private readonly ports: Ports;
  private readonly storage: Storage;
  private readonly core: Core;
  private readonly outbox = new Outbox();
  /** When the election timer runs out, by what has passed on this node's clock, in ms. */
  private electionDeadline = 0;

  constructor(
    env: Env,
    peers: readonly Peer[],
    me: number,
    apply: Apply,
    { rules, ports, storage }: Parts & { readonly storage: Storage },
  ) {
    this.env = env;
    this.peers = peers;
    this.apply = apply;
    this.ports = ports;
    this.storage = storage;
    this.core = new Core(rules, me, peers.length, storage.recover());
    this.restartElectionTimer();
    this.watchElectionTimer();
  }

  get raft(): Raft {
    const { state } = this.core;
    return {
      start: (command) => {
        // A copy: the log must not change with what the service does to its command afterwards.
        const { value, bytes } = pack(command);
        if (bytes > COMMAND_MAX_BYTES) throw new CommandTooLarge(bytes, COMMAND_MAX_BYTES);
        return this.take({ type: 'Start', command: value }).started!;
      },
      getState: () => ({
        term: state.currentTerm,
        isLeader: state.role === 'leader',
        leader: state.leaderId,
      }),
      snapshot: (index, snapshot) => void this.take({ type: 'Snapshot', index, snapshot }),
      handlers: {
        RequestVote: this.handler('RequestVote'),
        AppendEntries: this.handler('AppendEntries'),
        InstallSnapshot: this.handler('InstallSnapshot'),
      },
      view: () => state,
    };
  }

  /** Answers at once if what it promises is durable by then, or else when it is. */
  private handler<M extends Method>(type: M) {
    return (args: Rpcs[M]['args']): unknown => {
      if (!isRecord(args)) return UNKNOWN;
      let later: LaterReply | undefined;
      let isReleased = false;
      const { reply } = this.take({ type, args } as Input, (effects) => {
        isReleased = true;
        later?.answer(effects.reply);
      });
      return isReleased ? reply : (later = new LaterReply());
    };
  }

  /** @param released called when the effects may be observed */
  private take(input: Input, released?: (effects: Effects) => void): Effects {
    const { state } = this.core;
    const effects = this.core.step(input);
    const { persist } = effects;
    if (effects.resetElectionTimer) this.restartElectionTimer();
    if (effects.becameLeader) this.watchHeartbeats(state.currentTerm);
    const release = (): void => {
      this.release(effects);
      released?.(effects);
    };
    if (persist === undefined) {
      this.outbox.add(release);
    } else {
      const durable = this.outbox.addUnwritten(release);
      const { lastIndex, term } = persist;
      const whole = (): Durable => state.durable();
      this.ports.persist(this.env, this.storage, persist, whole, () => {
        durable();
        this.take({ type: 'Persisted', lastIndex, term });
      });
    }
    return effects;
  }

  private release({ requests, apply }: Effects): void {
    for (const request of requests) this.send(request);
    for (const message of apply) this.ports.apply(this.env, this.apply, message);
  }

  private send(request: Request): void {
    const { to, method, args } = request;
    this.ports.call(this.env, this.peers[to]!, method, args, (reply) => {
      this.take({ type: 'Reply', from: to, method, args, reply } as Input);
    });
  }

  private restartElectionTimer(): void {
    const { env, ports } = this;
    this.electionDeadline = ports.elapsedMs(env) + ports.electionTimeoutMs(env);
  }

  /** One timer at a time, which looks at the deadline when it fires: cheaper than to cancel one. */
  private watchElectionTimer(): void {
    const { env, ports } = this;
    const left = this.electionDeadline - ports.elapsedMs(env);
    // Whole ms, so that what is left of a fraction does not fire at the same instant for ever.
    env.setTimer(Math.max(1, Math.ceil(left)), () => {
      if (ports.elapsedMs(env) >= this.electionDeadline) this.take({ type: 'ElectionTimeout' });
      this.watchElectionTimer();
    });
  }

  private watchHeartbeats(term: number): void {
    const { state } = this.core;
    this.env.setTimer(HEARTBEAT_MS, () => {
      if (state.role !== 'leader' || state.currentTerm !== term) return;
      this.take({ type: 'HeartbeatTimeout' });
      this.watchHeartbeats(term);
    });
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a server is made of; specimens replace one rule or one port. */
export interface Parts {
  readonly rules: Rules;
  readonly ports: Ports;
}

/** Our Raft of these parts, on the labs' persister or on the disk. */
export function raftOf({ rules, ports }: Parts): MakeRaft {
  const make: MakeRaft = (env, peers, me, persister, apply) =>
    new Server(env, peers, me, apply, { rules, ports, storage: ports.storage(persister) }).raft;
  const onDisk: MakeRaft = (env, peers, me, _persister, apply) =>
    new Server(env, peers, me, apply, { rules, ports, storage: ports.storageOnDisk(env) }).raft;
  const isSynchronous = true;
  return Object.assign(make, { isSynchronous, onDisk: Object.assign(onDisk, { isSynchronous }) });
}

/** Our Raft. */
export const makeRaft: MakeRaft = raftOf({ rules: ourRules, ports: ourPorts });
