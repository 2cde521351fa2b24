import type { ClientPlan, Plan } from '../define/plan.ts';
import { lowest } from './lowest.ts';
import type { Pass } from './passes.ts';
import { withClient, withFault, withIntent } from './with.ts';

/** Fault actions as early as possible, so that what came before can go; in whole ms. */
export const earlierFaults: Pass = async (plan, { fails }) => {
  let earliest = plan;
  for (const [i, { atMs, untilMs }] of plan.faults.entries()) {
    const at = (start: number): Plan =>
      withFault(earliest, i, {
        atMs: start,
        ...(untilMs === undefined ? {} : { untilMs: start + untilMs - atMs }),
      });
    const start = await lowest(Math.ceil(atMs), 0, (earlier) => fails(at(earlier)));
    if (start < atMs) earliest = at(start);
  }
  return earliest;
};

/** Fault actions that last no longer than they must; in whole ms. */
export const shorterFaults: Pass = async (plan, { fails }) => {
  let shortest = plan;
  for (const [i, { atMs, untilMs }] of plan.faults.entries()) {
    if (untilMs === undefined) continue;
    const lasting = (ms: number): Plan => withFault(shortest, i, { untilMs: atMs + ms });
    const ms = await lowest(Math.ceil(untilMs - atMs), 1, (less) => fails(lasting(less)));
    if (atMs + ms < untilMs) shortest = lasting(ms);
  }
  return shortest;
};

/** Clients without settings of their own. */
export const plainSettings: Pass = async (plan, { fails }) => {
  let plainest = plan;
  for (const [i, { settings }] of plan.clients.entries()) {
    for (const name of Object.keys(settings)) {
      const { [name]: _, ...rest } = (plainest.clients[i] as ClientPlan).settings;
      const candidate = withClient(plainest, i, { settings: rest });
      if (await fails(candidate)) plainest = candidate;
    }
  }
  return plainest;
};

/** Numbers in intents (times, amounts) as small as possible; whole ones. */
export const smallerIntents: Pass = async (plan, { fails }) => {
  let smallest = plan;
  for (const [i, { intents }] of plan.clients.entries()) {
    for (const [at, intent] of intents.entries()) {
      for (const [name, value] of Object.entries(intent)) {
        if (typeof value !== 'number') continue;
        const withValue = (less: number): Plan => withIntent(smallest, i, at, { [name]: less });
        const least = await lowest(Math.ceil(value), 0, (less) => fails(withValue(less)));
        if (least < value) smallest = withValue(least);
      }
    }
  }
  return smallest;
};
