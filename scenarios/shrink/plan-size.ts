import type { Plan } from '../define/plan.ts';

/** How much there is to understand in a plan and its run. */
export interface PlanSize {
  readonly faults: number;
  readonly clients: number;
  readonly intents: number;
  readonly overrides: number;
  /** Events of the run. */
  readonly events: number;
}

export function planSize({ faults, clients, overrides }: Plan, events: number): PlanSize {
  const intents = clients.reduce((sum, client) => sum + client.intents.length, 0);
  return {
    faults: faults.length,
    clients: clients.length,
    intents,
    overrides: overrides.length,
    events,
  };
}
