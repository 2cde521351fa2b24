import type { JobReport } from '../runner/node-target.ts';

/** Ids that are told; of a thousand nobody reads more. */
const MOST_IDS = 8;

/** What of a plan found nothing to act on, in words; nothing if all did. */
export function unmatchedTexts({
  plan,
  unmatchedOverrides,
  unmatchedTargets,
}: Pick<JobReport, 'plan' | 'unmatchedOverrides' | 'unmatchedTargets'>): string[] {
  const texts: string[] = [];
  if (unmatchedOverrides > 0) {
    const total = plan?.overrides.length ?? unmatchedOverrides;
    // A shrinker that had to end early leaves some that are for nothing.
    texts.push(`${unmatchedOverrides} of ${total} overrides met no message`);
  }
  const count = unmatchedTargets.length;
  if (count > 0) {
    const total = plan?.faults.length ?? count;
    const which = unmatchedTargets.slice(0, MOST_IDS).join(', ');
    const more = count > MOST_IDS ? ` and ${count - MOST_IDS} more` : '';
    // No sign of a change by itself: it may have been so when the run was recorded.
    texts.push(`${count} of ${total} fault actions found nothing to hit: ${which}${more}`);
  }
  return texts;
}
