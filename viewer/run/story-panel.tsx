import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useStore } from '../parts/hooks.ts';
import { List } from '../parts/list.tsx';
import { storyKinds, type StoryItem, type StoryKind } from '../model/story.ts';
import { momentText } from '../time/ticks.ts';
import type { RunApp } from './run-app.ts';

/** A mark for each kind, so that colour is not needed to tell them apart. */
const MARKS: Readonly<Record<StoryKind, string>> = {
  violation: '✗',
  fault: '⚡',
  node: '▲',
  state: '◆',
  commit: '✓',
  probe: '★',
  log: '›',
};

const TITLES: Readonly<Record<StoryKind, string>> = {
  violation: 'violation',
  fault: 'faults',
  node: 'nodes',
  state: 'roles',
  commit: 'commits',
  probe: 'probes',
  log: 'logs',
};

/** More commits than these would hide everything else at first. */
const MANY = 60;

const ROW_PX = 26;

/** The notable events, to jump between. */
export function StoryPanel({ app }: { readonly app: RunApp }): VNode {
  const { story, data } = app.model;
  const counts = useMemo(() => {
    const found = new Map<StoryKind, number>();
    for (const { kind } of story) found.set(kind, (found.get(kind) ?? 0) + 1);
    return found;
  }, [story]);
  const [hidden, setHidden] = useState<ReadonlySet<StoryKind>>(
    () => new Set((['commit', 'log'] as const).filter((kind) => (counts.get(kind) ?? 0) > MANY)),
  );
  const shown = useMemo(() => story.filter(({ kind }) => !hidden.has(kind)), [story, hidden]);
  const { at } = useStore(app.store, 'at');
  const current = shown.findLastIndex(({ record }) => record <= at);
  const toggle = (kind: StoryKind): void => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };
  return (
    <div class="column">
      <ViolationCard app={app} />
      <div class="chips" role="group" aria-label="Kinds of events">
        {storyKinds
          .filter((kind) => counts.has(kind))
          .map((kind) => (
            <button
              key={kind}
              type="button"
              class={`chip mark-${kind}`}
              aria-pressed={!hidden.has(kind)}
              onClick={() => toggle(kind)}
            >
              <span aria-hidden="true">{MARKS[kind]}</span> {TITLES[kind]}{' '}
              <span class="dim">{counts.get(kind)}</span>
            </button>
          ))}
      </div>
      {shown.length === 0 ? (
        <p class="empty">
          {data.length === 0
            ? 'This run has no trace: there is nothing to tell.'
            : 'Nothing notable happened, or all of it is hidden.'}
        </p>
      ) : (
        <List
          label="Story"
          count={shown.length}
          rowPx={ROW_PX}
          current={current}
          row={(i) => <StoryRow key={i} app={app} item={shown[i]!} isCurrent={i === current} />}
        />
      )}
    </div>
  );
}

interface RowProps {
  readonly app: RunApp;
  readonly item: StoryItem;
  readonly isCurrent: boolean;
}

function StoryRow({ app, item, isCurrent }: RowProps): VNode {
  const { kind, timeUs, who, text, record } = item;
  return (
    <button
      type="button"
      class={`story-row mark-${kind}`}
      aria-current={isCurrent ? 'true' : undefined}
      title={text}
      onClick={() => app.select(record)}
    >
      <span class="story-time">{momentText(timeUs, 1000)}</span>
      <span class="story-mark" aria-hidden="true">
        {MARKS[kind]}
      </span>
      <span class="story-text">
        {who !== '' && <b>{who} </b>}
        {text}
      </span>
    </button>
  );
}

/** What went wrong, in words. */
function ViolationCard({ app }: { readonly app: RunApp }): VNode | null {
  const { data, operations, violation } = app.model;
  const { check, reason, event, verdict } = data.about.result;
  if (reason === undefined) return null;
  const [blame] = operations.blames;
  const culprit = blame === undefined ? undefined : operations.get(blame.culprit);
  return (
    <div class="card violation" id="violation">
      <h2>
        {verdict}: {check}
      </h2>
      <p>{reason}</p>
      <p class="actions">
        {violation !== undefined && (
          <button type="button" onClick={() => app.select(violation)}>
            {event === undefined ? 'Show it' : `Event ${event}`}
          </button>
        )}
        {culprit !== undefined && (
          <button type="button" onClick={() => app.selectOperation(culprit, 'Operations')}>
            The operation
          </button>
        )}
      </p>
    </div>
  );
}
