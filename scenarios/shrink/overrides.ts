import type { MessageOverride, OverrideFate } from '../../sim/index.ts';
import type { ClientPlan, Plan } from '../define/plan.ts';
import { lowest } from './lowest.ts';
import type { Pass } from './passes.ts';
import { withClient, withOverride } from './with.ts';

/** Fates with as little to them as possible: lost rather than late, late by whole ms. */
export const simplerOverrides: Pass = async (plan, { fails }) => {
  let simplest = plan;
  for (const [i, { fate }] of plan.overrides.entries()) {
    const withFate = (simpler: OverrideFate): Plan => withOverride(simplest, i, { fate: simpler });
    for (const plain of plainFates(fate)) {
      if (!(await fails(withFate(plain)))) continue;
      simplest = withFate(plain);
      break;
    }
    const left = simplest.overrides[i]?.fate;
    if (typeof left !== 'object') continue;
    const delayedBy = (ms: number): Plan => withFate({ ...left, delayUs: ms * 1000 });
    const ms = Math.ceil(left.delayUs / 1000);
    const least = await lowest(ms, 1, (less) => fails(delayedBy(less)));
    if (least * 1000 < left.delayUs) simplest = delayedBy(least);
  }
  return simplest;
};

/** Overrides of messages as early on their link as possible, so that what came before can go. */
export const earlierOverrides: Pass = async (plan, { fails }) => {
  let earliest = plan;
  for (const [i, { n }] of plan.overrides.entries()) {
    const at = (m: number): Plan => withOverride(earliest, i, { n: m });
    const earlier = await lowest(n, 0, async (m) => {
      const candidate = at(m);
      return !hasTwins(candidate.overrides) && (await fails(candidate));
    });
    if (earlier < n) earliest = at(earlier);
  }
  return earliest;
};

/** Fates to try instead of one, the plainest first. */
function plainFates(fate: OverrideFate): OverrideFate[] {
  if (fate === 'drop') return [];
  if (fate === 'duplicate' || fate.and === undefined) return ['drop'];
  return [...new Set<OverrideFate>(['drop', fate.and]), { delayUs: fate.delayUs }];
}

/** Most messages of a type that one intent is taken to send on a link. */
const MESSAGES_OF_AN_INTENT = 4;

/**
 * Without an intent, later messages of its client have lower numbers: overrides that miss them
 * follow. How many messages the intent sent nobody knows, so a few numbers are tried.
 */
export const earlierIntents: Pass = async (plan, { fails }) => {
  let fewer = plan;
  for (const [i, { id, intents }] of plan.clients.entries()) {
    const isOwn = ({ link }: MessageOverride): boolean => link.split('>').includes(id);
    if (!plan.overrides.some(isOwn)) continue;
    for (let at = intents.length - 1; at >= 0; at--) {
      const rest = (fewer.clients[i] as ClientPlan).intents.toSpliced(at, 1);
      for (let by = 1; by <= MESSAGES_OF_AN_INTENT; by++) {
        const overrides = fewer.overrides.map((override) =>
          isOwn(override) ? { ...override, n: Math.max(0, override.n - by) } : override,
        );
        const candidate = { ...withClient(fewer, i, { intents: rest }), overrides };
        if (hasTwins(overrides) || !(await fails(candidate))) continue;
        fewer = candidate;
        break;
      }
    }
  }
  return fewer;
};

/** Do two overrides decide the same message? */
function hasTwins(overrides: readonly MessageOverride[]): boolean {
  const names = overrides.map(({ link, type, n }) => `${link} ${type} ${n}`);
  return new Set(names).size < names.length;
}
