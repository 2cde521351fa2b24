import type { ClientPlan, Json, Plan } from '../define/plan.ts';
import { lowest } from './lowest.ts';
import { fewerNames } from './names.ts';
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

/** Intents with numbers (times, amounts) as small and lists of names as short as possible. */
export const smallerIntents: Pass = async (plan, { fails }) => {
  let smallest = plan;
  for (const [i, { intents }] of plan.clients.entries()) {
    for (const [at, intent] of intents.entries()) {
      for (const [name, value] of Object.entries(intent)) {
        const changed = (less: Json): Plan => withIntent(smallest, i, at, { [name]: less });
        if (typeof value === 'number') {
          const least = await lowest(Math.ceil(value), 0, (less) => fails(changed(less)));
          if (least < value) smallest = changed(least);
        } else if (Array.isArray(value)) {
          const fewer = await fewerNames(value, (less) => fails(changed(less as Json)));
          smallest = changed(fewer as Json);
        }
      }
    }
  }
  return smallest;
};
