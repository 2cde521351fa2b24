import type { RaftLayers, StartResult } from '../../raft/index.ts';
import { NO_ANSWER, NO_EFFECT } from '../define/history.ts';
import type { Tester } from '../define/tester.ts';
import type { Cluster } from './cluster.ts';

type Answer = { readonly index: number } | typeof NO_ANSWER | typeof NO_EFFECT;

/** A command that was started, and is not known to be chosen or lost. */
interface Waiting {
  /** Who took it, as a leader. */
  readonly server: number;
  readonly index: number;
  /** The command as JSON. */
  readonly text: string;
  readonly untilMs: number;
  readonly settle: (answer: Answer) => void;
}

/** How long a client waits for its command before it turns to another server, in ms. */
const PATIENCE_MS = 1000;

/**
 * Commands at a steady rate, whatever becomes of them: the next one does not wait for the one
 * before. What is in flight is looked through at each new command, so that waiting for an answer
 * costs no events.
 */
export class SteadyLoad {
  private readonly cluster: Cluster<unknown>;
  private readonly t: Tester<unknown, RaftLayers>;
  private waiting: Waiting[] = [];
  /** Names of clients that wait for nothing: each does one thing at a time. */
  private readonly idle: string[] = [];
  private clients = 0;
  /** The server that is believed to lead. */
  private leader = 0;

  constructor(cluster: Cluster<unknown>, t: Tester<unknown, RaftLayers>) {
    this.cluster = cluster;
    this.t = t;
  }

  /** Start commands `everyMs` until a time is reached, and wait for the last of them. */
  async run(everyMs: number, untilMs: number): Promise<void> {
    const { t } = this;
    for (let n = 0; t.world.now() < untilMs; n++) {
      void this.send(`v${n}`);
      await t.sleep(everyMs);
      this.settle();
    }
    while (this.waiting.length > 0) {
      await t.sleep(everyMs);
      this.settle();
    }
  }

  private async send(value: string): Promise<void> {
    const id = this.idle.pop() ?? `c${this.clients++}`;
    await this.t.record({ id }, { op: 'append', value }, () => this.append(value));
    this.idle.push(id);
  }

  private async append(value: string): Promise<Answer> {
    const { cluster, t } = this;
    for (let tries = 0; tries < cluster.size; tries++) {
      const server = this.leader;
      const isUp = cluster.server(server) !== undefined;
      const started: StartResult | undefined = await cluster.start(server, value);
      // It crashed over it, and may have the command on its disk.
      if (isUp && started === undefined) return NO_ANSWER;
      if (started?.isLeader === true) {
        const { index } = started;
        const untilMs = t.world.now() + PATIENCE_MS;
        return new Promise((settle) => {
          this.waiting.push({ server, index, text: JSON.stringify(value), untilMs, settle });
        });
      }
      this.turnFrom(server);
    }
    return NO_EFFECT;
  }

  /** Tell those commands their fate that is known by now. */
  private settle(): void {
    const { commands } = this.cluster.chosen;
    const now = this.t.world.now();
    const still: Waiting[] = [];
    for (const waiting of this.waiting) {
      const { server, index, text, untilMs, settle } = waiting;
      const chosen = commands[index];
      // Somebody else's entry took the place: this one will never be committed.
      if (chosen !== undefined) settle(chosen === text ? { index } : NO_EFFECT);
      else if (now < untilMs) still.push(waiting);
      else {
        this.turnFrom(server);
        settle(NO_ANSWER);
      }
    }
    this.waiting = still;
  }

  /** Somebody else may lead; others may have found that out already. */
  private turnFrom(server: number): void {
    if (this.leader === server) this.leader = (server + 1) % this.cluster.size;
  }
}
