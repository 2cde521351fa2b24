import type { VNode } from 'preact';
import { HelpDialog } from '../parts/help-dialog.tsx';
import { useStore } from '../parts/hooks.ts';
import { FATE_WORDS, fatesOf } from './words.ts';
import { KEYS } from './keys.ts';
import type { RunApp } from './run-app.ts';
import { spanKinds } from './draw-spans.ts';

/** What the keys do, and how the picture is to be read. */
export function Help({ app }: { readonly app: RunApp }): VNode {
  return (
    <HelpDialog bindings={KEYS} close={() => app.store.set({ open: 'none' })}>
      <p class="dim">
        In the diagram the wheel zooms where the pointer is, with Shift it pans, with Alt it
        scrolls; dragging pans. A double click zooms in. In the strip above, drag the window or its
        edges.
      </p>
      <p class="dim">
        A line between lanes is a message. Broken lines that end in ✕ were lost; other broken lines
        were late, held or doubled: <b>Show</b> has them all. Shaded stretches are faults, hatched
        ones nodes that are down or paused.
      </p>
      <p class="dim">
        <b>States</b>, or the name of a node, opens what it knows over time. A log grows upwards: a
        colour a term, paler what is not committed, grey what a snapshot stands for; the firm line
        is the first of its marks (committed), the broken one the next (applied). Rows of tables are
        chosen by a click on their keys under <b>State</b>.
      </p>
    </HelpDialog>
  );
}

/** What is shown and what is not; at the same time the key to the colours. */
export function Filter({ app }: { readonly app: RunApp }): VNode {
  const { hiddenFates, hiddenTypes } = useStore(
    app.store,
    'hiddenFates',
    'hiddenNodes',
    'hiddenTypes',
    'hasTimers',
  );
  const { types, data } = app.model;
  const kinds = [...spanKinds(app.model)];
  return (
    <div class="popover" role="dialog" aria-label="What is shown">
      <fieldset>
        <legend>Messages</legend>
        {types.map((type, i) => (
          <Choice
            key={type}
            text={type}
            swatch={`hue-${Math.min(i, 6)}`}
            isOn={!hiddenTypes.has(type)}
            toggle={() => app.toggle('hiddenTypes', type)}
          />
        ))}
        {types.length === 0 && <p class="dim">none were sent</p>}
      </fieldset>
      <fieldset>
        <legend>What became of them</legend>
        {fatesOf(app.model).map((fate) => (
          <Choice
            key={fate}
            text={FATE_WORDS[fate]}
            swatch={`fate fate-${fate.replace(' ', '-')}`}
            isOn={!hiddenFates.has(fate)}
            toggle={() => app.toggle('hiddenFates', fate)}
          />
        ))}
      </fieldset>
      <NodeChoices app={app} />
      {kinds.length > 0 && (
        <fieldset>
          <legend>
            {data.about.views.find(({ kind }) => kind === 'ownership') ? 'Owners' : 'Spans'}
          </legend>
          {kinds.map(([what, i]) => (
            <span key={what} class="swatch-row">
              <span class={`swatch hue-${i % 8}`} /> {what}
            </span>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function NodeChoices({ app }: { readonly app: RunApp }): VNode {
  const { hiddenNodes, hasTimers } = app.state;
  const { lanes, operations } = app.model;
  const clients = operations.clients.filter((id) => lanes.every((lane) => lane.id !== id));
  return (
    <fieldset>
      <legend>Nodes</legend>
      <Choice
        text="timers and wake-ups"
        isOn={hasTimers}
        toggle={() => app.store.set({ hasTimers: !hasTimers })}
      />
      <Choice
        text="the tester"
        isOn={!hiddenNodes.has('idle')}
        toggle={() => app.toggle('hiddenNodes', 'idle')}
      />
      {[...lanes.map(({ id }) => id), ...clients]
        .filter((id) => id !== 'tester')
        .map((id) => (
          <Choice
            key={id}
            text={id}
            isOn={!hiddenNodes.has(id)}
            toggle={() => app.toggle('hiddenNodes', id)}
          />
        ))}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly text: string;
  readonly isOn: boolean;
  readonly swatch?: string;
  readonly toggle: () => void;
}

function Choice({ text, isOn, swatch, toggle }: ChoiceProps): VNode {
  return (
    <label class="choice">
      <input type="checkbox" checked={isOn} onChange={toggle} />
      {swatch !== undefined && <span class={`swatch ${swatch}`} />}
      <span>{text}</span>
    </label>
  );
}
