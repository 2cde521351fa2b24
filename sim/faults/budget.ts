import { PlanError } from '../plan/plan-error.ts';
import type { FaultAction } from './kinds.ts';
import { isConcrete, nodesOf } from './target.ts';

/**
 * What a run that must come to a good end can bear: never more nodes down, or with a damaged disk,
 * at once; and a good copy of the data always left. A run that judges safety alone needs none.
 */
export interface FaultBudget {
  /** The nodes that count. */
  readonly nodes: readonly string[];
  /** How many of them may be down, paused, or have a damaged disk at the same time. */
  readonly most: number;
  /** How many of them may lose their disk during the whole run. Default: none. */
  readonly wipes?: number | undefined;
  /**
   * How many of them may have their data damaged during the whole run: they may refuse to start for
   * good, whenever they find out. Default: as many as may be down at once.
   */
  readonly damaged?: number | undefined;
}

/** A node harmed by one action for a time. */
interface Harm {
  /** Its name; of one that is selected, the selection and the action. */
  readonly node: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How one action goes beyond a budget, given those before it. Undefined = it does not. */
export type Excess = { readonly field: string; readonly why: string };

/**
 * The first action that goes beyond the budget.
 * @throws PlanError with its index and field
 */
export function checkBudget(actions: readonly FaultAction[], budget: FaultBudget): void {
  const ledger = new Ledger(budget);
  for (const [i, action] of actions.entries()) {
    const excess = ledger.excess(action);
    if (excess !== undefined) {
      throw new PlanError(`faults[${i}].${excess.field} (${action.id}): ${excess.why}`);
    }
    ledger.spend(action);
  }
}

/** The actions that a budget allows, in their order: an action beyond it is left out. */
export function withinBudget(actions: readonly FaultAction[], budget: FaultBudget): FaultAction[] {
  const ledger = new Ledger(budget);
  return actions.filter((action) => {
    if (ledger.excess(action) !== undefined) return false;
    ledger.spend(action);
    return true;
  });
}

/** What the actions so far have taken from a budget. */
class Ledger {
  private readonly budget: FaultBudget;
  private readonly harms: Harm[] = [];
  private readonly wiped = new Set<string>();
  private readonly damaged = new Set<string>();

  constructor(budget: FaultBudget) {
    this.budget = budget;
  }

  excess(action: FaultAction): Excess | undefined {
    const { nodes, most, wipes = 0 } = this.budget;
    const hit = this.harmed(action);
    const wiped = new Set([...this.wiped, ...wipedBy(action, hit)]);
    if (wiped.size > wipes) {
      return { field: 'wipe', why: `${wiped.size} of ${nodes.join(' ')} wiped, budget ${wipes}` };
    }
    const damaged = new Set([...this.damaged, ...damagedBy(action, hit)]);
    if (damaged.size > (this.budget.damaged ?? Infinity)) {
      const why = `${[...damaged].join(' ')} have damaged disks, budget ${this.budget.damaged}`;
      return { field: 'node', why };
    }
    const { fromMs, untilMs } = lastingOf(action);
    const overlapping = this.harms.filter((h) => h.fromMs < untilMs && h.untilMs > fromMs);
    // The number at once is greatest when some harm begins.
    for (const at of [fromMs, ...overlapping.map((harm) => harm.fromMs)]) {
      if (at < fromMs) continue;
      const others = overlapping.filter((h) => h.fromMs <= at && h.untilMs > at).map((h) => h.node);
      const down = new Set([...hit, ...others]);
      // Somebody who is selected may be one of those that are down already, if these are all.
      if (hit.length === 0 || Math.min(down.size, nodes.length) <= most) continue;
      const named = nodes.filter((node) => down.has(node));
      const which = [...named, ...[...down].filter((node) => !nodes.includes(node))].join(' ');
      return { field: 'node', why: `${which} down or damaged at ${at} ms, budget ${most}` };
    }
    return undefined;
  }

  spend(action: FaultAction): void {
    const hit = this.harmed(action);
    this.harms.push(...hit.map((node) => ({ node, ...lastingOf(action) })));
    for (const node of wipedBy(action, hit)) this.wiped.add(node);
    for (const node of damagedBy(action, hit)) this.damaged.add(node);
  }

  /** The nodes of the budget that an action takes down or whose disks it damages. */
  private harmed(action: FaultAction): string[] {
    if (!isHarmful(action.kind) || !('node' in action)) return [];
    const { nodes } = this.budget;
    const { node } = action;
    if (isConcrete(node)) return nodesOf(node).filter((id) => nodes.includes(id));
    // Who is selected is known only when it starts: somebody else than all others, at worst.
    return 'select' in node ? [`the ${node.select} (${action.id})`] : [...nodes];
  }
}

function isHarmful(kind: string): boolean {
  return /^(crash|crash-point|pause|disk-.*)$/.test(kind) || damagesDisks(kind);
}

/** Whether what such a fault leaves on a disk is not what was written there. */
export function damagesDisks(kind: string): boolean {
  return ['bit-rot', 'misdirected-write', 'stale-read'].includes(kind);
}

function damagedBy({ kind }: FaultAction, hit: readonly string[]): readonly string[] {
  return damagesDisks(kind) ? hit : [];
}

function wipedBy(action: FaultAction, hit: readonly string[]): readonly string[] {
  return action.kind === 'crash' && action.wipe === true ? hit : [];
}

/** A crash point strikes at any time from its start on. */
function lastingOf(action: FaultAction): { fromMs: number; untilMs: number } {
  const { atMs: fromMs, untilMs = Infinity } = action;
  return { fromMs, untilMs: action.kind === 'crash-point' ? Infinity : untilMs };
}
