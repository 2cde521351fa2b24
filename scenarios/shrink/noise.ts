import { profileByName, type MessageOverride } from '../../sim/index.ts';
import type { Plan } from '../define/plan.ts';
import { minimise } from './minimise.ts';
import type { Pass } from './passes.ts';
import type { Trials } from './trials.ts';

/**
 * Noise as data: a network in which every message takes the same time, and an override for each
 * message that has to fare otherwise. Where the failure does not survive that, the streams stay.
 */
export const lessNoise: Pass = async (plan, trials) => {
  const quiet = await withoutStreams(plan, trials);
  const overrides = await minimise(quiet.overrides, (some) =>
    trials.fails({ ...quiet, overrides: some }),
  );
  // A list of overrides that nobody could reduce tells less than the name of the profile does.
  if (trials.hasGivenUp && quiet !== plan) return plan;
  return { ...quiet, overrides };
};

/** The same failure under the steady profile, with as many overrides as that takes. */
async function withoutStreams(plan: Plan, trials: Trials): Promise<Plan> {
  const { steady } = profileByName(plan.profile);
  if (plan.profile === steady) return plan;
  const calm: Plan = { ...plan, profile: steady };
  if (await trials.fails(calm)) return calm;
  const fates = await trials.fatesOf(plan);
  if (fates === undefined) return plan;
  // Often only what was lost or came twice matters, and that is little.
  const isOdd = ({ fate }: MessageOverride): boolean => typeof fate === 'string' || 'and' in fate;
  for (const overrides of [fates.filter(isOdd), fates]) {
    const repeated: Plan = { ...calm, overrides };
    if (await trials.fails(repeated)) return repeated;
  }
  return plan;
}

/**
 * No noise and no faults at all: what fails in the clients' own races. Tried first, while there are
 * many of them.
 */
export const onlyClients: Pass = async (plan, { fails }) => {
  const { steady } = profileByName(plan.profile);
  const calm: Plan = { ...plan, profile: steady, faults: [], overrides: [] };
  return (await fails(calm)) ? calm : plan;
};
