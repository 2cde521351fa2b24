import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Binding } from './key-bindings.ts';

interface HelpDialogProps {
  readonly bindings: readonly Pick<Binding<never>, 'keys' | 'does'>[];
  readonly close: () => void;
  /** How the picture is to be read. */
  readonly children: ComponentChildren;
}

/** What the keys do, and how a picture is to be read. */
export function HelpDialog({ bindings, close, children }: HelpDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {bindings.map(({ keys, does }) => (
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
      {children}
      <p>
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
  );
}
