import type { VNode } from 'preact';
import { Facts } from '../parts/facts.tsx';
import { Verdict } from '../parts/verdict.tsx';
import type { HistoryApp } from './history-app.ts';

/** What was judged, and how. */
export function AboutPanel({ app }: { readonly app: HistoryApp }): VNode {
  const { data, axes } = app;
  const { about, annotations, clients, keys, violations } = data;
  const { time } = axes;
  const span =
    axes.count === 0 ? '' : time.distance((time.events.at(-1) ?? 0) - (time.events[0] ?? 0));
  let pending = 0;
  for (let i = 0; i < data.length; i++) if (data.isPending(i)) pending++;
  return (
    <div class="column scroll">
      <h2>
        <Verdict verdict={about.verdict} />
      </h2>
      <p class="long">{about.file}</p>
      {about.undecided !== undefined && <p class="odd">{about.undecided}: that is not a pass</p>}
      {about.remarks.map((text) => (
        <p key={text} class="odd">
          {text}
        </p>
      ))}
      <Facts
        rows={[
          ['model', about.model],
          ['operations', String(data.length)],
          ['pending', String(pending)],
          ['clients', String(clients.length)],
          ['keys', String(keys.length)],
          ['violations', String(violations.length)],
          ['annotations', String(annotations.length)],
          ['from first to last', span],
          ['judged by', about.steps === 0 ? 'exact algorithm' : `${about.steps} search steps`],
          ['Faultlab', data.faultlab],
        ]}
      />
      <h3>What is shown</h3>
      <p>
        Every operation took effect at one instant between its call and its return, if the history
        is linearizable: the pins stand at such instants. Where it is not, the pins go as far as an
        order was found, and the operations that could not come next are marked.
      </p>
      <p class="dim">
        An instant is as early as the order allows; it could be anywhere in the interval that keeps
        the order.
      </p>
    </div>
  );
}
