import { eventLabel, type Kernel } from '../kernel/kernel.ts';
import { isTime, MAX_MS, msToUs, usToMs } from '../kernel/time.ts';
import { PlanError } from '../plan/plan-error.ts';
import { told, type FaultSite, type Lift } from './fault-kind.ts';
import { describeFault, faultKinds, kindOf, type FaultAction } from './kinds.ts';
import {
  isConcrete,
  namingProblem,
  nodesOf,
  targetsOf,
  withTargets,
  type NodeTarget,
} from './target.ts';

/** The world as the faults see it, with the nodes that they may hit. */
export interface FaultWorld extends Omit<FaultSite, 'matched'> {
  /** The nodes that faults may name. */
  targets(): string[];
  /** What a scenario can select. */
  selections(): string[];
  /** The nodes that a target means, by now. */
  resolve(target: NodeTarget): readonly string[];
}

/** An action that can be carried out, with its times in µs. */
interface Planned {
  readonly action: FaultAction;
  readonly at: number;
  readonly until: number | undefined;
}

/** Carries out the fault actions of a plan. */
export class Faults {
  /** The actions that have begun so far, with concrete targets. */
  readonly started: FaultAction[] = [];
  private readonly kernel: Kernel;
  private readonly world: FaultWorld;
  private readonly site: FaultSite;
  private readonly ids = new Set<string>();
  private readonly active = new Map<string, Lift>();
  private readonly idle = new Set<string>();
  /** How often the world was healed: actions of an earlier era do not start any more. */
  private era = 0;

  constructor(kernel: Kernel, world: FaultWorld) {
    this.kernel = kernel;
    this.world = world;
    this.site = {
      kernel,
      network: world.network,
      streams: world.streams,
      buggify: world.buggify,
      machine: (id) => world.machine(id),
      isImmune: (id) => world.isImmune(id),
      disk: (id) => world.disk(id),
      holdDown: (id) => world.holdDown(id),
      letUp: (id) => world.letUp(id),
      matched: (id) => void this.idle.delete(id),
    };
  }

  /**
   * Schedule the actions of a plan: all of them, or none.
   * @throws PlanError naming entry and field, if one cannot be carried out
   */
  schedule(actions: readonly FaultAction[]): void {
    const { kernel, era } = this;
    const known = new Set(this.ids);
    const planned = actions.map((action, i) => this.check(action, i, known));
    const atOnce: (() => void)[] = [];
    for (const { action, at, until } of planned) {
      this.ids.add(action.id);
      const label = eventLabel(action.id);
      const start = (): void => {
        if (era === this.era) this.start(action);
      };
      // What lasts from the beginning is there before any node starts.
      if (at === 0 && kernel.event === 0) atOnce.push(start);
      else kernel.schedule('action', undefined, at, start, label);
      if (until === undefined) continue;
      kernel.schedule('action', undefined, until, () => this.lift(action.id), label);
    }
    for (const start of atOnce) start();
  }

  /**
   * Begin a fault in the present event; only {@link lift} or {@link heal} end it.
   * @throws PlanError as {@link schedule} does
   */
  begin(action: FaultAction): void {
    this.check(action, 0, new Set(this.ids));
    this.ids.add(action.id);
    this.start(action);
  }

  /** Number of faults that last at present. */
  get inForce(): number {
    return this.active.size;
  }

  /** Ids of actions that have begun, but found nothing to hit. */
  get unmatched(): readonly string[] {
    return [...this.idle];
  }

  /** End every fault and start no more of those that are scheduled. */
  heal(): void {
    this.era++;
    for (const id of [...this.active.keys()]) this.lift(id);
  }

  /** End one fault, if it is in force. */
  lift(id: string): void {
    const lift = this.active.get(id);
    if (lift === undefined) return;
    this.active.delete(id);
    this.kernel.tell({ kind: 'heal', label: id });
    lift();
  }

  private check(action: FaultAction, i: number, ids: Set<string>): Planned {
    const { id, atMs, untilMs } = action;
    const refuse = (field: string, why: string): never => {
      throw new PlanError(`faults[${i}].${field} (${id}): ${why}`);
    };
    if (!faultKinds.includes(action.kind)) {
      refuse('kind', `no fault "${action.kind}"; there are ${faultKinds.join(', ')}`);
    }
    if (typeof id !== 'string' || id === '') refuse('id', `expected a name, got ${told(id)}`);
    if (ids.has(id)) refuse('id', 'another action has this id');
    ids.add(id);
    const naming = namingProblem(action);
    if (naming !== undefined) refuse(naming.field, naming.why);
    this.checkTargets(action, refuse);
    const problem = kindOf(action).problem?.(action);
    if (problem !== undefined) refuse(problem.field, problem.why);
    for (const [field, ms] of Object.entries({ atMs, untilMs })) {
      if (ms !== undefined && !isTime(ms)) {
        refuse(field, `expected milliseconds from 0 to ${MAX_MS}, got ${told(ms)}`);
      }
    }
    const at = msToUs(atMs, 'atMs');
    const until = untilMs === undefined ? undefined : msToUs(untilMs, 'untilMs');
    const now = usToMs(this.kernel.now);
    if (atMs < now) refuse('atMs', `${atMs} ms is over, it is ${now} ms`);
    if (until !== undefined && until <= at) refuse('untilMs', 'must be later than atMs');
    return { action, at, until };
  }

  private checkTargets(action: FaultAction, refuse: (field: string, why: string) => never): void {
    const nodes = this.world.targets();
    const selections = this.world.selections();
    for (const { field, target } of targetsOf(action)) {
      if (isConcrete(target)) {
        const stranger = nodesOf(target).find((node) => !nodes.includes(node));
        if (stranger === undefined) continue;
        refuse(field, `no node "${stranger}"; there are ${nodes.join(', ')}`);
      } else if ('select' in target && !selections.includes(target.select)) {
        const there = selections.length === 0 ? 'none' : selections.join(', ');
        refuse(field, `the scenario selects no "${target.select}"; there are ${there}`);
      }
    }
  }

  private start(planned: FaultAction): void {
    const action = withTargets(planned, (target) => this.world.resolve(target));
    const kind = kindOf(action);
    this.kernel.tell({ kind: 'fault', label: action.id, text: describeFault(action) });
    this.started.push(action);
    const isVain = targetsOf(action).some(({ target }) => nodesOf(target).length === 0);
    if (isVain || kind.isAwaited === true) this.idle.add(action.id);
    this.active.set(action.id, kind.start(this.site, action));
  }
}
