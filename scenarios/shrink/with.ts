import type { FaultAction, MessageOverride } from '../../sim/index.ts';
import type { ClientPlan, Intent, Plan } from '../define/plan.ts';

/** Plans with one thing changed; all else, ids above all, as it was. */

export function withFault(plan: Plan, i: number, change: Partial<FaultAction>): Plan {
  const action = { ...plan.faults[i], ...change } as FaultAction;
  return { ...plan, faults: plan.faults.with(i, action) };
}

export function withClient(plan: Plan, i: number, change: Partial<ClientPlan>): Plan {
  const client = { ...(plan.clients[i] as ClientPlan), ...change };
  return { ...plan, clients: plan.clients.with(i, client) };
}

export function withIntent(plan: Plan, i: number, at: number, change: Partial<Intent>): Plan {
  const { intents } = plan.clients[i] as ClientPlan;
  const intent = { ...intents[at], ...change } as Intent;
  return withClient(plan, i, { intents: intents.with(at, intent) });
}

export function withOverride(plan: Plan, i: number, change: Partial<MessageOverride>): Plan {
  const override = { ...(plan.overrides[i] as MessageOverride), ...change };
  return { ...plan, overrides: plan.overrides.with(i, override) };
}
