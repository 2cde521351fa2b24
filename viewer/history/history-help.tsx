import type { VNode } from 'preact';
import { HelpDialog } from '../parts/help-dialog.tsx';
import type { HistoryApp } from './history-app.ts';
import { HISTORY_KEYS } from './history-keys.ts';

/** What the keys do, and how the picture is to be read. */
export function HistoryHelp({ app }: { readonly app: HistoryApp }): VNode {
  return (
    <HelpDialog bindings={HISTORY_KEYS} close={() => app.store.set({ open: 'none' })}>
      <h2>How to read the picture</h2>
      <dl class="legend">
        {LEGEND.map(([name, text]) => (
          <div key={name}>
            <dt>
              <span class={`sample sample-${name}`} />
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="dim">
        A row is a client, a bar an operation from its call to its return. A pin stands where an
        operation takes effect, the line leads from one to the next. The wheel zooms where the
        pointer is, with Shift it pans, with Alt it scrolls; dragging pans.
      </p>
    </HelpDialog>
  );
}

const LEGEND: readonly (readonly [string, string])[] = [
  ['done', 'has taken effect'],
  ['later', 'takes effect later in this order'],
  ['current', 'takes effect at this step'],
  ['culprit', '✗ the violation: look at it first'],
  ['about', '! the violation is about it, too'],
  ['stuck', '✗ cannot come next, its answer is impossible there'],
  ['left', 'in no place of this order'],
  ['pending', 'open to the right: it never returned'],
];
