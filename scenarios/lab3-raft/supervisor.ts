import { DamagedState } from '../../raft/index.ts';
import { damagesDisks, DiskError, nodesOf, type NodeOptions } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** How often it looks whether somebody is to be started again, in ms. */
const LOOK_MS = 10;
/** How long a server stays down whose disk has failed, in ms. */
const DOWN_MS = [20, 1000] as const;

/** The supervisor of each run, from its set-up to its end. */
const supervisors = new WeakMap<object, Supervisor>();

/** The supervisor of a run. */
export function supervisorOf(t: object): Supervisor {
  const supervisor = supervisors.get(t);
  if (supervisor === undefined) throw new Error('the run has no supervisor: make it in setup()');
  return supervisor;
}

/**
 * What an operator has beside every server: a process that ends because its disk has failed is
 * started again after a while; one that refuses to start from a damaged state stays down for good,
 * since all that it could do is to forget what it has promised.
 */
export class Supervisor {
  private readonly t: Tester<unknown, unknown>;
  /** The servers that are down for a while, and until when. */
  private readonly waiting = new Map<string, number>();
  private readonly refused = new Set<string>();

  constructor(t: Tester<unknown, unknown>) {
    this.t = t;
    supervisors.set(t, this);
  }

  /** What the node of a server needs, for its exits to be looked after. */
  settingsOf(id: string): Pick<NodeOptions, 'exitsOn' | 'onExit'> {
    return {
      exitsOn: (error) =>
        error instanceof DiskError || (error instanceof DamagedState && this.mayRefuse(id)),
      onExit: (error) => this.hasExited(id, error),
    };
  }

  /** Has anything damaged its disk so far? Otherwise it must find what it has written. */
  mayRefuse(id: string): boolean {
    return this.t.world.faultsStarted.some(
      (action) =>
        damagesDisks(action.kind) && 'node' in action && nodesOf(action.node).includes(id),
    );
  }

  /** Is it down for good? */
  hasRefused(id: string): boolean {
    return this.refused.has(id);
  }

  /** Start servers again, as long as the run goes on: to be called once, and not awaited. */
  async watch(): Promise<never> {
    const { t, waiting } = this;
    for (;;) {
      await t.sleep(LOOK_MS);
      for (const [id, untilMs] of waiting) {
        if (t.world.now() < untilMs) continue;
        waiting.delete(id);
        t.world.letUp(id);
      }
    }
  }

  private hasExited(id: string, error: unknown): void {
    const { t } = this;
    // Until then no end of another fault brings it back.
    t.world.holdDown(id);
    if (error instanceof DamagedState) {
      this.refused.add(id);
      t.count('refused to start');
      t.probe('a server refused to start');
      return;
    }
    const random = t.world.streams.stream(`supervisor/${id}`);
    this.waiting.set(id, t.world.now() + random.between(...DOWN_MS));
    t.count('disk exits');
    t.probe('a server ended because its disk failed');
  }
}
