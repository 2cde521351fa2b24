import type { VNode } from 'preact';

/** A verdict, with a mark beside its colour. */
export function Verdict({ verdict }: { readonly verdict: string }): VNode {
  const isGood = verdict === 'pass';
  const isOdd = verdict === 'unknown' || verdict === 'vacuous';
  const kind = isGood ? 'good' : isOdd ? 'odd' : 'bad';
  const mark = isGood ? '✓' : isOdd ? '?' : '✗';
  return (
    <span class={`verdict ${kind}`}>
      {mark} {isGood || isOdd ? verdict : verdict.toUpperCase()}
    </span>
  );
}
