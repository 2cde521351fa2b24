import type { JobReport } from '../runner/node-target.ts';

/** What of a plan found nothing to act on, in words; nothing if all did. */
export function unmatchedTexts({
  plan,
  unmatchedOverrides,
  unmatchedTargets,
}: Pick<JobReport, 'plan' | 'unmatchedOverrides' | 'unmatchedTargets'>): string[] {
  const texts: string[] = [];
  if (unmatchedOverrides > 0) {
    const total = plan?.overrides.length ?? unmatchedOverrides;
    texts.push(`${unmatchedOverrides} of ${total} overrides did not match: the code has changed`);
  }
  if (unmatchedTargets.length > 0) {
    const total = plan?.faults.length ?? unmatchedTargets.length;
    const which = unmatchedTargets.join(', ');
    // No sign of a change by itself: it may have been so when the run was recorded.
    texts.push(
      `${unmatchedTargets.length} of ${total} fault actions found nothing to hit: ${which}`,
    );
  }
  return texts;
}
