import type { ClientPlan, Plan } from '../define/plan.ts';
import { minimise } from './minimise.ts';
import type { Trials } from './trials.ts';

/** One way of making a failing plan smaller. The result fails in the same way. */
export type Pass = (plan: Plan, trials: Trials) => Promise<Plan>;

export const fewerFaults: Pass = async (plan, { fails }) => ({
  ...plan,
  faults: await minimise(plan.faults, (faults) => fails({ ...plan, faults })),
});

export const fewerClients: Pass = async (plan, { fails }) => ({
  ...plan,
  clients: await minimise(plan.clients, (clients) => fails({ ...plan, clients })),
});

/** Intents of all clients at once, those that come late in any client last. */
export const fewerIntents: Pass = async (plan, { fails }) => {
  const { clients } = plan;
  const places = clients
    .flatMap(({ intents }, client) => intents.map((_, at) => ({ client, at })))
    .toSorted((a, b) => a.at - b.at || a.client - b.client);
  const withOnly = (left: typeof places): Plan => {
    const kept = new Set(left.map(({ client, at }) => `${client} ${at}`));
    const keep = (client: ClientPlan, i: number): ClientPlan => ({
      ...client,
      intents: client.intents.filter((_, at) => kept.has(`${i} ${at}`)),
    });
    return { ...plan, clients: clients.map(keep) };
  };
  const left = await minimise(places, (some) => fails(withOnly([...some])));
  return withOnly([...left]);
};

/**
 * Fewer nodes, where params say how many there are.
 * @param sizes names of those params
 */
export function fewerNodes(sizes: readonly string[]): Pass {
  return async (plan, { fails }) => {
    let smallest = plan;
    for (const name of sizes) {
      const count = plan.params[name];
      if (typeof count !== 'number' || !Number.isInteger(count)) continue;
      for (let fewer = 1; fewer < count; fewer++) {
        const candidate = { ...smallest, params: { ...smallest.params, [name]: fewer } };
        if (!(await fails(candidate))) continue;
        smallest = candidate;
        break;
      }
    }
    return smallest;
  };
}

/** Events at one instant in the order in which they were scheduled. */
export const plainTies: Pass = async (plan, { fails }) => {
  const plain: Plan = { ...plan, ties: 'fifo' };
  return (await fails(plain)) ? plain : plan;
};
