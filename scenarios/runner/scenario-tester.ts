import type { z } from 'zod';
import {
  InvariantViolation,
  PlanError,
  type Env,
  type Machine,
  type NodeOptions,
  type Program,
  type World,
} from '../../sim/index.ts';
import { History, NO_ANSWER, NO_EFFECT } from '../define/history.ts';
import type { Implementation } from '../define/implementation.ts';
import type { ClientPlan, Plan } from '../define/plan.ts';
import type { Span } from '../define/span.ts';
import type { Layers, Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import type { Revealed } from '../define/view.ts';
import type { ViolationClass } from '../define/verdict.ts';
import { UserCodeError } from './user-code-error.ts';

/** Name of the node that the scenario itself runs on. It is never harmed. */
export const TESTER = 'tester';

/** See {@link Tester.readInput}. */
export type ReadInput = (file: string, from: number, to: number) => string;

/** What the machine underneath offers to a scenario. */
export interface HostPorts {
  readonly heapBytes: () => number | undefined;
  readonly readInput: ReadInput;
  /** Keep what is revealed. */
  readonly isPictured: boolean;
}

/** {@link Tester} of one run. */
export class ScenarioTester implements Tester<unknown, Layers> {
  readonly params: unknown;
  readonly plan: Plan;
  readonly world: World;
  readonly history: History;
  readonly activity: Map<string, number> = new Map();
  /** Has the scenario come to its end? */
  hasFinished = false;
  /** Class of the assertion that failed, if one did. */
  failedClass: ViolationClass | undefined = undefined;
  readonly heapBytes: () => number | undefined;
  readonly readInput: ReadInput;
  /** The timeline of the run; what has not ended has no end yet. */
  private readonly spans: (Omit<Span, 'toMs'> & { toMs: number | undefined })[] = [];
  /** What nodes know, as it was told; nothing unless the run is pictured. */
  readonly revealed: Revealed[] = [];
  private readonly isPictured: boolean;
  /** Files for the user, by name. */
  readonly outputs: Map<string, string> = new Map();
  /** Why the run cannot be carried out, if the user has to mend something first. */
  refusal: UserCodeError | undefined = undefined;
  private readonly scenario: Scenario;
  private readonly implementation: Implementation;
  /** Layers of the incarnations; the env stands for the incarnation. */
  private readonly evaluated = new WeakMap<Env, Layers>();
  private declared: Layers | undefined = undefined;
  private readonly programs: Machine[] = [];
  private env: Env | undefined = undefined;

  constructor(
    scenario: Scenario,
    plan: Plan,
    world: World,
    implementation: Implementation,
    { heapBytes, readInput, isPictured }: HostPorts,
  ) {
    this.scenario = scenario;
    this.plan = plan;
    this.params = plan.params;
    this.world = world;
    this.history = new History(world.kernel);
    this.implementation = implementation;
    this.heapBytes = heapBytes;
    this.readInput = readInput;
    this.isPictured = isPictured;
  }

  /** Build the cluster, and let the scenario run as a node of its own. */
  begin(): void {
    const built: unknown = this.scenario.setup(this);
    // The cluster stands before time begins: a promise would be settled too late, or never seen.
    if (built !== undefined) throw new Error('setup() must return nothing, and at once');
    const program: Program = async (env) => {
      this.env = env;
      await this.scenario.run(this);
      this.hasFinished = true;
      this.world.stop();
    };
    this.world.addNode(TESTER, program, { isImmune: true });
  }

  refuse(message: string, error?: Error): void {
    const { stack = '' } = error ?? {};
    // The frames of the simulator are of no use to anybody.
    const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
    const text = [message, ...frames.slice(0, 1)].join('\n');
    this.refusal ??= new UserCodeError(text, { cause: error });
    this.world.stop();
  }

  get clients(): readonly ClientPlan[] {
    return this.plan.clients;
  }

  layers(env: Env): Layers {
    let layers = this.evaluated.get(env);
    if (layers === undefined) {
      layers = this.evaluate();
      this.evaluated.set(env, layers);
    }
    return layers;
  }

  declaredLayers(): Layers {
    this.declared ??= this.evaluate();
    return this.declared;
  }

  addNode(id: string, program: Program, options?: NodeOptions): void {
    this.world.addNode(id, program, options);
  }

  addClient(id: string, program: Program, options?: NodeOptions): void {
    const i = this.clients.findLastIndex((client) => client.id === id);
    if (i >= 0 && (id === TESTER || this.world.nodeIds().includes(id))) {
      throw new PlanError(`clients[${i}].id: another node is called "${id}"`);
    }
    this.programs.push(this.world.addNode(id, program, options));
  }

  sleep(ms: number): Promise<void> {
    return this.own().sleep(ms);
  }

  intentsOf<S extends z.ZodType>(client: ClientPlan, schema: S): z.output<S>[] {
    const place = this.placeOf(client);
    return client.intents.map((intent, i) => read(schema, intent, `${place}.intents[${i}]`));
  }

  settingsOf<S extends z.ZodType>(client: ClientPlan, schema: S): z.output<S> {
    return read(schema, client.settings, `${this.placeOf(client)}.settings`);
  }

  call(to: string, method: string, args: unknown): Promise<unknown> {
    return this.own().call(to, method, args);
  }

  enter<T>(id: string, work: () => T): Promise<T | undefined> {
    return this.world.enter(TESTER, id, work);
  }

  ask<T>(id: string, work: (done: (answer: T) => void) => void): Promise<T | undefined> {
    return this.world.ask(TESTER, id, work);
  }

  clientsDone(): Promise<void> {
    const self = this.world.machine(TESTER).life;
    return new Promise((resolve) => {
      let running = this.programs.length;
      if (running === 0) return resolve();
      for (const machine of this.programs) {
        // The last client ends in an event of its own node; the tester goes on in one of its own.
        machine.whenDone(() => --running === 0 && self?.wake(resolve));
      }
    });
  }

  inTime(ms: number, work: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      work.then(() => resolve(true), reject);
      void this.sleep(ms).then(() => resolve(false));
    });
  }

  record<T>(
    client: { readonly id: string },
    input: unknown,
    work: () => Promise<T>,
    toOutput?: (result: T) => unknown,
  ): Promise<T> {
    // Operations during which something is wrong are the ones that a sweep is for.
    const { faultsInForce, faultsBegun } = this.world;
    return this.history.record(client.id, input, work, (result) => {
      const output = toOutput === undefined ? result : toOutput(result);
      const isOver = output !== NO_EFFECT && output !== NO_ANSWER;
      const isUnderFaults = faultsInForce > 0 || this.world.faultsBegun > faultsBegun;
      if (isOver && isUnderFaults) this.count('under faults');
      return output;
    });
  }

  expect(check: string, holds: boolean, message: () => string): void {
    this.assert('safety', check, holds, message);
  }

  expectInTime(check: string, holds: boolean, message: () => string): void {
    this.assert('liveness', check, holds, message);
  }

  expectWithin(check: string, holds: boolean, message: () => string): void {
    this.assert('performance', check, holds, message);
  }

  count(name: string, by: number = 1): void {
    this.activity.set(name, (this.activity.get(name) ?? 0) + by);
  }

  probe(name: string): void {
    this.world.probe(name);
  }

  span(span: Span): void {
    this.spans.push(span);
  }

  beginSpan(span: Omit<Span, 'fromMs' | 'toMs'>): () => void {
    const open: (typeof this.spans)[number] = {
      ...span,
      fromMs: this.world.now(),
      toMs: undefined,
    };
    this.spans.push(open);
    return () => (open.toMs ??= this.world.now());
  }

  /** The timeline, once the run is over. */
  timeline(): Span[] {
    const now = this.world.now();
    return this.spans.map((span) => ({ ...span, toMs: span.toMs ?? now }));
  }

  reveal(view: string, node: string, change: () => unknown): void {
    if (!this.isPictured) return;
    const { event, now: timeUs } = this.world.kernel;
    this.revealed.push({ event, timeUs, view, node, change: change() });
  }

  output(file: string, content: string): void {
    this.outputs.set(file, content);
  }

  private assert(kind: ViolationClass, check: string, holds: boolean, message: () => string): void {
    if (holds) return;
    this.failedClass ??= kind;
    const { kernel } = this.world;
    const violation = new InvariantViolation(check, message());
    // It counts, whatever code of a node makes of what is thrown.
    kernel.thrown(kernel.current, violation);
    throw violation;
  }

  private placeOf(client: ClientPlan): string {
    return `clients[${this.clients.indexOf(client)}]`;
  }

  private evaluate(): Layers {
    return { ...this.scenario.layers, ...this.implementation.evaluate() };
  }

  private own(): Env {
    if (this.env === undefined) throw new Error('the scenario has not started yet');
    return this.env;
  }
}

function read<S extends z.ZodType>(schema: S, value: unknown, place: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [place, ...path.map(String)].join('.').concat(`: ${message}`),
  );
  throw new PlanError(problems.join('; '));
}
