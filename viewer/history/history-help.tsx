import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { HistoryApp } from './history-app.ts';
import { HISTORY_KEYS } from './history-keys.ts';

/** What the keys do, and how the picture is to be read. */
export function HistoryHelp({ app }: { readonly app: HistoryApp }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={() => app.store.set({ open: 'none' })}
    >
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {HISTORY_KEYS.map(({ keys, does }) => (
          <div key={keys.join()}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
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
      <p>
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
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
