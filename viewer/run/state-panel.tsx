import type { VNode } from 'preact';
import type { LogView, TableView } from '../../scenarios/define/view.ts';
import { compact } from '../../scenarios/report/compact.ts';
import { useStore } from '../parts/hooks.ts';
import type { NodeHistory } from '../model/states.ts';
import type { LogState, TableRow } from '../model/revealed.ts';
import { momentText } from '../time/ticks.ts';
import { pinOf } from './know-rows.ts';
import type { RunApp } from './run-app.ts';

/** Rows of a table that are shown, those that changed last first. */
const MOST_ROWS = 60;
/** Entries of a log that are shown: the last ones. */
const MOST_ENTRIES = 24;

/** What every node knows at the cursor; what the event there has changed stands out. */
export function StatePanel({ app }: { readonly app: RunApp }): VNode {
  const { at, cursorUs } = useStore(app.store, 'at', 'cursorUs', 'pinned');
  const { data, histories, lanes, told } = app.model;
  const event = data.event[at] ?? 0;
  const { views } = data.about;
  const logs = views.filter((view) => view.kind === 'log');
  const tables = views.filter((view) => view.kind === 'table');
  const shown = lanes
    .map(({ id }) => histories.get(id))
    .filter((history): history is NodeHistory => history?.hasShown === true);
  const known = tables.flatMap((view) =>
    [...(told.tables.get(view.name) ?? [])].map(([node, table]) => {
      return { view, node, rows: table.after(event) };
    }),
  );
  const owners = ownersAt(app, cursorUs);
  const isEmpty = shown.length === 0 && known.every(({ rows }) => rows === undefined);
  return (
    <div class="column scroll details" tabIndex={0}>
      <p class="dim">
        After event {event}, at {momentText(Math.round(cursorUs))}. What that event changed is
        marked.
      </p>
      {isEmpty && owners.length === 0 && (
        <p class="empty">
          Nodes of this run show nothing of what they know. <code>env.show</code> makes it visible.
        </p>
      )}
      {owners.length > 0 && <Owners title={titleOfSpans(app)} owners={owners} />}
      {shown.map((history) => (
        <NodeCard key={history.id} app={app} history={history} at={at} event={event} logs={logs} />
      ))}
      {known.map(
        ({ view, node, rows }) =>
          rows && (
            <Table
              key={`${view.name} ${node}`}
              app={app}
              view={view}
              node={node}
              rows={rows}
              event={event}
            />
          ),
      )}
    </div>
  );
}

function titleOfSpans({ model }: RunApp): string {
  const { views } = model.data.about;
  return views.find(({ kind }) => kind === 'ownership' || kind === 'timeline')?.title ?? 'Timeline';
}

interface Owner {
  readonly row: string;
  readonly what: string;
}

function ownersAt({ model }: RunApp, us: number): Owner[] {
  const ms = us / 1000;
  const rows = new Map<string, string>();
  for (const { row, what, label, fromMs, toMs } of model.data.about.spans) {
    if (!rows.has(row)) rows.set(row, '');
    if (fromMs <= ms && ms < toMs) rows.set(row, label === undefined ? what : `${what} ${label}`);
  }
  return [...rows].map(([row, what]) => ({ row, what }));
}

function Owners({
  title,
  owners,
}: {
  readonly title: string;
  readonly owners: readonly Owner[];
}): VNode {
  return (
    <section class="card">
      <h2>{title}</h2>
      <dl class="fields">
        {owners.map(({ row, what }) => (
          <div key={row}>
            <dt>{row}</dt>
            <dd>{what === '' ? <span class="dim">–</span> : what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface NodeCardProps {
  readonly app: RunApp;
  readonly history: NodeHistory;
  readonly at: number;
  readonly event: number;
  readonly logs: readonly LogView[];
}

function NodeCard({ app, history, at, event, logs }: NodeCardProps): VNode {
  const { data, fields: view, told } = app.model;
  const { id } = history;
  const shown = history.after(at);
  const status = history.statusAfter(at);
  const isNow = shown !== undefined && data.event[shown.record] === event;
  const names = (view?.fields ?? []).map(({ name }) => name);
  const fields = shown?.fields ?? {};
  const all = [...names, ...Object.keys(fields).filter((name) => !names.includes(name))];
  const there = all.filter((name) => fields[name] !== undefined && name !== view?.strip?.field);
  const titleOf = (name: string): string =>
    view?.fields.find((field) => field.name === name)?.title ?? name;
  return (
    <section class={isNow ? 'card changed-card' : 'card'}>
      <h2>
        <span class="node-name">{id}</span> <Strip app={app} fields={fields} />
        {status !== undefined && status.status !== 'up' && (
          <span class="bad"> {status.status}</span>
        )}
        {status !== undefined && status.life > 1 && <span class="dim"> life {status.life}</span>}
        {there.length === 0 && <span class="dim"> shows nothing</span>}
      </h2>
      <dl class="fields">
        {there.map((name) => {
          const isChanged = isNow && shown.changed.includes(name);
          return (
            <div key={name} class={isChanged ? 'changed' : ''}>
              <dt>{titleOf(name)}</dt>
              <dd>
                {compact(fields[name], 60)}
                {isChanged && <span class="changed-mark"> ●</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      {logs.map((log) => {
        const state = told.logs.get(log.name)?.get(id)?.after(event);
        return (
          state && <Log key={log.name} view={log} state={state} fields={fields} event={event} />
        );
      })}
    </section>
  );
}

function Strip({
  app,
  fields,
}: {
  readonly app: RunApp;
  readonly fields: Readonly<Record<string, unknown>>;
}): VNode | null {
  const strip = app.model.fields?.strip;
  if (strip === undefined || fields[strip.field] === undefined) return null;
  const value = String(fields[strip.field]);
  return <span class={`tag tone-${strip.tones?.[value] ?? 'quiet'}`}>{value}</span>;
}

interface LogProps {
  readonly view: LogView;
  readonly state: LogState;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly event: number;
}

/** Entries as boxes, by the number that groups them; how far they are committed and applied. */
function Log({ view, state, fields, event }: LogProps): VNode {
  const { base } = state;
  const last = state.entries(MOST_ENTRIES);
  const before = (last[0]?.index ?? base + 1) - 1;
  const [committed, applied] = view.marks.map(({ name }) => Number(fields[name] ?? 0));
  return (
    <div class="log" role="group" aria-label={view.title}>
      {before > 0 && (
        <span class="log-base" title={`snapshot up to ${base}`}>
          {before > base ? `… ${before}` : `snapshot ${base}`}
        </span>
      )}
      {last.map(({ index, group, text, event: since }) => {
        const kind =
          index <= (applied ?? 0) ? 'applied' : index <= (committed ?? 0) ? 'committed' : 'open';
        const isNew = since === event;
        return (
          <span
            key={index}
            class={`entry ${kind} group-${group % 6}${isNew ? ' new' : ''}`}
            title={`${index}: ${text}\n${view.group} ${group}, ${kind}`}
          >
            <span class="entry-index">{index}</span>
            <span class="entry-group">
              {view.group.slice(0, 1)}
              {group}
            </span>
          </span>
        );
      })}
      {last.length === 0 && <span class="dim">no entries</span>}
    </div>
  );
}

interface TableProps {
  readonly app: RunApp;
  readonly view: TableView;
  readonly node: string;
  readonly rows: readonly TableRow[];
  readonly event: number;
}

function Table({ app, view, node, rows, event }: TableProps): VNode {
  const latest = rows.toSorted((a, b) => b.event - a.event);
  const listed = rows.length <= MOST_ROWS ? rows : latest.slice(0, MOST_ROWS);
  return (
    <section class="card">
      <h2>
        {node !== '' && <span class="node-name">{node}</span>} {view.title}{' '}
        <span class="dim">{rows.length}</span>
      </h2>
      {rows.length === 0 ? (
        <p class="dim">none yet</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{view.key}</th>
              {view.columns.map(({ name, title = name }) => (
                <th scope="col" key={name}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.map(({ row, cells, event: since }) => (
              <tr key={row} class={since === event ? 'changed' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    class="link pin"
                    aria-pressed={app.state.pinned.has(pinOf(view, row))}
                    title="Show it over time, or do not"
                    onClick={() => app.toggle('pinned', pinOf(view, row))}
                  >
                    {row}
                  </button>
                </th>
                {view.columns.map(({ name }) => (
                  <td key={name}>{cells[name] === undefined ? '' : String(cells[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
