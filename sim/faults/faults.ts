import { eventLabel, type Kernel } from '../kernel/kernel.ts';
import { msToUs } from '../kernel/time.ts';
import { crash, type Crash } from './crash.ts';
import { delay, type Delay } from './delay.ts';
import type { FaultBase, FaultKind, FaultSite } from './fault-kind.ts';
import { partition, type Partition } from './partition.ts';

/** One entry of a plan: start, end, kind, targets, parameters. */
export type FaultAction = Partition | Crash | Delay;

const kinds = { partition, crash, delay };

/** A plan that cannot be carried out. Names the entry and the field. */
export class PlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PlanError';
  }
}

/** Carries out the fault actions of a plan. */
export class Faults {
  private readonly kernel: Kernel;
  private readonly site: FaultSite;
  private readonly active = new Map<string, () => void>();
  private isHealed = false;

  constructor(kernel: Kernel, site: FaultSite) {
    this.kernel = kernel;
    this.site = site;
  }

  /**
   * Schedule the actions of a plan.
   * @throws PlanError if one names a node that does not exist, or ends before it starts
   */
  schedule(actions: readonly FaultAction[]): void {
    const known = new Set(this.site.nodeIds());
    actions.forEach((action, i) => {
      const stranger = kindOf(action)
        .targets(action)
        .find((id) => !known.has(id));
      if (stranger !== undefined) {
        const there = [...known].join(', ');
        throw new PlanError(
          `faults[${i}] (${action.id}): no node "${stranger}"; there are ${there}`,
        );
      }
      const at = msToUs(action.atMs, `faults[${i}].atMs`);
      const until =
        action.untilMs === undefined ? undefined : msToUs(action.untilMs, `faults[${i}].untilMs`);
      if (until !== undefined && until <= at) {
        throw new PlanError(`faults[${i}] (${action.id}): untilMs must be later than atMs`);
      }
      const label = eventLabel(action.id);
      this.kernel.schedule('action', undefined, at, () => this.start(action), label);
      if (until === undefined) return;
      this.kernel.schedule('action', undefined, until, () => this.end(action.id), label);
    });
  }

  /** End every fault and start no more. */
  heal(): void {
    this.isHealed = true;
    for (const id of [...this.active.keys()]) this.end(id);
  }

  private start(action: FaultAction): void {
    if (this.isHealed) return;
    this.kernel.tell({ kind: 'fault', label: action.id, text: describeFault(action) });
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
