import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { JsonView } from '../parts/json-view.tsx';
import { wordsOf } from '../../scenarios/report/trace-words.ts';
import { lengthText, momentText } from '../time/ticks.ts';
import type { RunApp } from './run-app.ts';
import { FATE_WORDS } from './words.ts';

/** Of a longer chain of causes those are left out that say least. */
const FEW = 6;
const QUIET: ReadonlySet<string> = new Set(['timer', 'wake', 'start', 'invoke']);

/** Effects and causes that are listed. */
const MOST = 40;

/** The selected event: what it is, holds, came of, and led to. */
export function EventPanel({ app }: { readonly app: RunApp }): VNode {
  const { selected } = useStore(app.store, 'selected', 'operation');
  const { data, causality } = app.model;
  if (selected < 0) {
    return (
      <p class="empty">
        Nothing is selected. Click a message, an event on a lane or an operation; or press{' '}
        <kbd>→</kbd> to go from event to event.
      </p>
    );
  }
  const event = data.event[selected] as number;
  const first = causality.recordOf[event] ?? selected;
  const record = data.record(first);
  const notes = notesOf(app, first, event);
  const chain = causality.chainOf(event).slice(1);
  const telling = chain.filter((e) => !QUIET.has(data.kindAt(causality.recordOf[e] ?? 0)));
  const causes = chain.length <= FEW ? chain : telling;
  const effects = causality.effectsOf(event);
  return (
    <div class="column scroll details" tabIndex={0}>
      <h2>
        <span class="node-name">{record.node ?? 'world'}</span>{' '}
        {wordsOf({ ...record, payload: undefined })}
      </h2>
      <p class="dim">
        event {event} at {momentText(record.timeUs)}
        {record.incarnation !== undefined &&
          record.incarnation > 1 &&
          `, life ${record.incarnation}`}
      </p>
      <Message app={app} record={first} />
      {record.payload !== undefined && <JsonView value={record.payload} />}
      <Operation app={app} />
      <EventList app={app} title="In this event" records={notes} empty="Nothing was noted." />
      <EventList
        app={app}
        title={
          causes === chain ? 'Causes, the nearest first' : 'Causes but timers, the nearest first'
        }
        records={causes.map((e) => causality.recordOf[e] ?? -1)}
        empty="The set-up of the run has caused it."
      />
      <EventList
        app={app}
        title="Effects"
        records={effects.map((e) => causality.recordOf[e] ?? -1)}
        empty="It has caused no other event."
      />
    </div>
  );
}

function notesOf({ model: { data } }: RunApp, first: number, event: number): number[] {
  const notes: number[] = [];
  for (let i = first + 1; data.event[i] === event; i++) notes.push(i);
  return notes;
}

function Message({ app, record }: { readonly app: RunApp; readonly record: number }): VNode | null {
  const { flights, data } = app.model;
  const flight = flights.endedBy(record);
  if (flight === undefined) return null;
  const sent = flights.sent[flight] as number;
  const took = (flights.untilUs[flight] as number) - (flights.fromUs[flight] as number);
  return (
    <p>
      Sent at{' '}
      <button type="button" class="link" onClick={() => app.select(sent, 'Event')}>
        {momentText(data.timeUs[sent] as number)}
      </button>
      , {FATE_WORDS[flights.fateOf(flight)]}, after {lengthText(took)}.
    </p>
  );
}

function Operation({ app }: { readonly app: RunApp }): VNode | null {
  const operation = app.model.operations.get(app.state.operation);
  if (operation === undefined) return null;
  return (
    <p>
      Operation of {operation.client}:{' '}
      <button
        type="button"
        class="link"
        onClick={() => app.selectOperation(operation, 'Operations')}
      >
        {operation.text}
      </button>
    </p>
  );
}

interface EventListProps {
  readonly app: RunApp;
  readonly title: string;
  readonly records: readonly number[];
  readonly empty: string;
}

function EventList({ app, title, records, empty }: EventListProps): VNode {
  const { data } = app.model;
  const listed = records.filter((i) => i >= 0).slice(0, MOST);
  return (
    <section>
      <h3>
        {title} {records.length > 1 && <span class="dim">{records.length}</span>}
      </h3>
      {listed.length === 0 && <p class="dim">{empty}</p>}
      {listed.map((i) => {
        const record = data.record(i);
        return (
          <button key={i} type="button" class="event-row" onClick={() => app.select(i, 'Event')}>
            <span class="story-time">{momentText(record.timeUs, 1000)}</span>
            <span class="story-who">{record.node ?? ''}</span>
            <span class="story-text">{wordsOf(record)}</span>
          </button>
        );
      })}
      {records.length > MOST && <p class="dim">and {records.length - MOST} more</p>}
    </section>
  );
}
