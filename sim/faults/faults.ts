import { eventLabel, type Kernel } from '../kernel/kernel.ts';
import { isTime, MAX_MS, msToUs, usToMs } from '../kernel/time.ts';
import { PlanError } from '../plan/plan-error.ts';
import { crash, type Crash } from './crash.ts';
import { delay, type Delay } from './delay.ts';
import type { FaultBase, FaultKind, FaultSite } from './fault-kind.ts';
import { partition, type Partition } from './partition.ts';

/** One entry of a plan: start, end, kind, targets, parameters. */
export type FaultAction = Partition | Crash | Delay;

const kinds = { partition, crash, delay };

/** An action that can be carried out, with its times in µs. */
interface Planned {
  readonly action: FaultAction;
  readonly at: number;
  readonly until: number | undefined;
}

/** Carries out the fault actions of a plan. */
export class Faults {
  private readonly kernel: Kernel;
  private readonly site: FaultSite;
  /** Number of faults that have begun so far. */
  begun = 0;
  private readonly ids = new Set<string>();
  private readonly active = new Map<string, () => void>();
  /** How often the world was healed: actions of an earlier era do not start any more. */
  private era = 0;

  constructor(kernel: Kernel, site: FaultSite) {
    this.kernel = kernel;
    this.site = site;
  }

  /**
   * Schedule the actions of a plan: all of them, or none.
   * @throws PlanError naming entry and field, if one cannot be carried out
   */
  schedule(actions: readonly FaultAction[]): void {
    const { kernel, era } = this;
    const known = new Set(this.ids);
    const planned = actions.map((action, i) => this.check(action, i, known));
    for (const { action, at, until } of planned) {
      this.ids.add(action.id);
      const label = eventLabel(action.id);
      const start = (): void => {
        if (era === this.era) this.start(action);
      };
      kernel.schedule('action', undefined, at, start, label);
      if (until === undefined) continue;
      kernel.schedule('action', undefined, until, () => this.end(action.id), label);
    }
  }

  /** Number of faults that last at present. */
  get inForce(): number {
    return this.active.size;
  }

  /** End every fault and start no more of those that are scheduled. */
  heal(): void {
    this.era++;
    for (const id of [...this.active.keys()]) this.end(id);
  }

  private check(action: FaultAction, i: number, ids: Set<string>): Planned {
    const { id, atMs, untilMs } = action;
    const refuse = (field: string, why: string): never => {
      throw new PlanError(`faults[${i}].${field} (${id}): ${why}`);
    };
    if (!Object.hasOwn(kinds, action.kind)) {
      const there = Object.keys(kinds).join(', ');
      refuse('kind', `no fault "${action.kind}"; there are ${there}`);
    }
    if (ids.has(id)) refuse('id', 'another action has this id');
    ids.add(id);
    const kind = kindOf(action);
    const nodes = this.site.targets();
    const stranger = kind.targets(action).find((node) => !nodes.includes(node));
    if (stranger !== undefined) {
      refuse(kind.field, `no node "${stranger}"; there are ${nodes.join(', ')}`);
    }
    const problem = kind.problem?.(action);
    if (problem !== undefined) refuse(problem.field, problem.why);
    for (const [field, ms] of Object.entries({ atMs, untilMs })) {
      if (ms !== undefined && !isTime(ms)) {
        refuse(field, `expected milliseconds from 0 to ${MAX_MS}, got ${ms}`);
      }
    }
    const at = msToUs(atMs, 'atMs');
    const until = untilMs === undefined ? undefined : msToUs(untilMs, 'untilMs');
    const now = usToMs(this.kernel.now);
    if (atMs < now) refuse('atMs', `${atMs} ms is over, it is ${now} ms`);
    if (until !== undefined && until <= at) refuse('untilMs', 'must be later than atMs');
    return { action, at, until };
  }

  private start(action: FaultAction): void {
    this.kernel.tell({ kind: 'fault', label: action.id, text: describeFault(action) });
    this.begun++;
    this.active.set(action.id, kindOf(action).start(this.site, action));
  }

  private end(id: string): void {
    const lift = this.active.get(id);
    if (lift === undefined) return;
    this.active.delete(id);
    this.kernel.tell({ kind: 'heal', label: id });
    lift();
  }
}

/** What an action does, for a trace: `crash s0`, `partition c0 | s0 c1`. */
export function describeFault(action: FaultAction): string {
  switch (action.kind) {
    case 'partition':
      return `partition ${action.groups.map((group) => group.join(' ')).join(' | ')}`;
    case 'crash':
      return `crash ${action.node}`;
    case 'delay':
      return `delay ${action.between.join(' - ')} by ${action.extraMs.join('-')} ms`;
  }
}

// The union of kinds is closed, but TypeScript cannot relate the key to its value.
function kindOf<A extends FaultBase & { kind: keyof typeof kinds }>(action: A): FaultKind<A> {
  return kinds[action.kind] as unknown as FaultKind<A>;
}
