import type { z } from 'zod';
import type { Env, NodeOptions, Program, World } from '../../sim/index.ts';
import type { History } from './history.ts';
import type { ClientPlan, Plan } from './plan.ts';
import type { Span } from './span.ts';

/** What a scenario works with: the cluster under test, its clients, and the means to judge them. */
export interface Tester<P, L> {
  readonly params: P;
  readonly plan: Plan;
  readonly world: World;
  readonly history: History;
  /** The clients of the plan, with what each means to do. */
  readonly clients: readonly ClientPlan[];

  /**
   * The implementation under test, evaluated afresh for each incarnation of each node, so that
   * module state dies with the process.
   */
  layers(env: Env): L;
  /**
   * The same, evaluated once beside all nodes, so that set-up can read what an implementation
   * declares of itself. Nothing of it may be called.
   */
  declaredLayers(): L;
  /** Add a node of the system under test. */
  addNode(id: string, program: Program, options?: NodeOptions): void;
  /** Add a client: a node whose program comes to an end. */
  addClient(id: string, program: Program, options?: NodeOptions): void;

  /**
   * What a client means to do, read by the scenario's schema.
   * @throws PlanError naming client, intent and field, if it does not fit
   */
  intentsOf<S extends z.ZodType>(client: ClientPlan, schema: S): z.output<S>[];
  /** What a client is like, in the same way. */
  settingsOf<S extends z.ZodType>(client: ClientPlan, schema: S): z.output<S>;

  /** Wait, in virtual time. */
  sleep(ms: number): Promise<void>;
  /** Resolves when the programs of all clients have returned. */
  clientsDone(): Promise<void>;
  /** Resolves with true when `work` is done, or with false after `ms`. */
  inTime(ms: number, work: Promise<unknown>): Promise<boolean>;
  /** Ask a node, over the network, as the tester's own node; see {@link Env.call}. */
  call(to: string, method: string, args: unknown): Promise<unknown>;
  /**
   * Call into a node, in an event of its own, and come back in one of the tester's. Undefined if
   * the node is down, or crashes before the end of `work`.
   */
  enter<T>(id: string, work: () => T): Promise<T | undefined>;
  /** The same for work that takes its time: it calls `done`, once, in an event of the node. */
  ask<T>(id: string, work: (done: (answer: T) => void) => void): Promise<T | undefined>;
  /** Run one operation of a client and record it in the history; see {@link History.record}. */
  record<T>(
    client: { readonly id: string },
    input: unknown,
    work: () => Promise<T>,
    toOutput?: (result: T) => unknown,
  ): Promise<T>;

  /** An assertion of the scenario: if it does not hold, the run ends as a violation. */
  expect(check: string, holds: boolean, message: () => string): void;
  /** The same for something good that has not happened in time. */
  expectInTime(check: string, holds: boolean, message: () => string): void;
  /** The same for a bound on what a run may use. */
  expectWithin(check: string, holds: boolean, message: () => string): void;
  /**
   * End the run: what the user has given cannot be worked on (exit code 64). There is no verdict.
   * @param error where it was thrown, if it was
   */
  refuse(message: string, error?: Error): void;
  /** Count something worth showing: the activity of a run. */
  count(name: string, by?: number): void;
  /** Something noteworthy happened; see {@link Probe}. */
  probe(name: string): void;
  /**
   * The lines of a file of the user's that begin between two places, in bytes.
   * @throws Error if it cannot be read, or the host has no files
   */
  readInput(file: string, from: number, to: number): string;
  /** Say what somebody spent time on, for the timeline of the run. */
  span(span: Span): void;
  /** The same for what begins now. @returns ends it; it ends with the run at the latest */
  beginSpan(span: Omit<Span, 'fromMs' | 'toMs'>): () => void;
  /**
   * Tell what a node knows, for a view of that name; see {@link View}. Kept only where somebody
   * wants to see it, so `change` makes it then.
   * @param node '' if it is nobody's in particular
   */
  reveal(view: string, node: string, change: () => unknown): void;
  /** Hand a file to the user, if one is wanted: what a run has made. */
  output(file: string, content: string): void;
  /** Bytes of heap in use after a collection; undefined where the host cannot tell. */
  heapBytes(): number | undefined;
}
