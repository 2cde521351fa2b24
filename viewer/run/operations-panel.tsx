import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useStore } from '../parts/hooks.ts';
import { JsonView } from '../parts/json-view.tsx';
import { List } from '../parts/list.tsx';
import type { Operation, Step } from '../model/operations.ts';
import { lengthText, momentText } from '../time/ticks.ts';
import type { RunApp } from './run-app.ts';

const ROW_PX = 26;

/** The operation that is selected, and all of them: in time, or in the order that was found. */
export function OperationsPanel({ app }: { readonly app: RunApp }): VNode {
  const { operations, data } = app.model;
  const { operation: id, cursorUs } = useStore(app.store, 'operation', 'cursorUs');
  const selected = operations.get(id);
  const [isByOrder, setByOrder] = useState(selected?.judged !== undefined);
  const part =
    selected?.judged ?? operations.all.find(({ judged }) => judged !== undefined)?.judged;
  const steps = useMemo(
    () => (part === undefined ? [] : operations.stepsOf(part)),
    [operations, part?.check, part?.part],
  );
  if (operations.all.length === 0) {
    return <p class="empty">No client has begun an operation in this run.</p>;
  }
  const rows = isByOrder && part !== undefined ? steps : undefined;
  const current =
    rows === undefined
      ? selected === undefined
        ? operations.all.findLastIndex(({ fromUs }) => fromUs <= cursorUs)
        : operations.all.indexOf(selected)
      : rows.findIndex(({ operation }) => operation === id);
  return (
    <div class="column">
      {selected !== undefined && <Details app={app} operation={selected} />}
      <Blames app={app} />
      <div class="chips" role="group" aria-label="Order of the operations">
        <button
          type="button"
          class="chip"
          aria-pressed={!isByOrder}
          onClick={() => setByOrder(false)}
        >
          by time <span class="dim">{operations.all.length}</span>
        </button>
        {part !== undefined && (
          <button
            type="button"
            class="chip"
            aria-pressed={isByOrder}
            onClick={() => setByOrder(true)}
          >
            {part.verdict === 'ok' ? 'linearization' : 'as far as one came'}
            {part.key !== '' && ` of ${part.key}`} <span class="dim">{steps.length}</span>
          </button>
        )}
        {data.checked.length === 0 && <span class="dim">no check has put them in order</span>}
      </div>
      <List
        label="Operations"
        count={rows?.length ?? operations.all.length}
        rowPx={ROW_PX}
        current={current}
        row={(i) =>
          rows === undefined ? (
            <ByTime key={i} app={app} operation={operations.all[i]!} isCurrent={i === current} />
          ) : (
            <ByOrder key={i} app={app} step={rows[i]!} place={i + 1} isCurrent={i === current} />
          )
        }
      />
    </div>
  );
}

function Blames({ app }: { readonly app: RunApp }): VNode {
  const { operations } = app.model;
  return (
    <>
      {operations.blames.map((blame) => (
        <div key={`${blame.check} ${blame.key}`} class="card violation">
          <h2>
            {blame.check}
            {blame.key !== '' && ` of ${blame.key}`}
          </h2>
          <p>{blame.reason}</p>
          <p class="actions">
            {blame.involved.map((other) => (
              <OperationLink key={other} app={app} id={other} isCulprit={other === blame.culprit} />
            ))}
          </p>
        </div>
      ))}
    </>
  );
}

interface LinkProps {
  readonly app: RunApp;
  readonly id: number;
  readonly isCulprit: boolean;
}

function OperationLink({ app, id, isCulprit }: LinkProps): VNode | null {
  const operation = app.model.operations.get(id);
  if (operation === undefined) return null;
  return (
    <button type="button" class="link" onClick={() => app.selectOperation(operation)}>
      {isCulprit && '✗ '}
      {operation.client}: {operation.text}
      {operation.result !== '' && ` → ${operation.result}`}
    </button>
  );
}

function Details({
  app,
  operation,
}: {
  readonly app: RunApp;
  readonly operation: Operation;
}): VNode {
  const { client, text, result, status, fromUs, untilUs, judged, line } = operation;
  const { event } = line;
  const told = judged === undefined ? undefined : judgementText(judged);
  return (
    <div class="card details-card">
      <h2>
        <span class="node-name">{client}</span> {text}
      </h2>
      <p>
        {result === '' ? status : `→ ${result}`}
        <span class="dim">
          {' '}
          from {momentText(fromUs, 10)} to{' '}
          {status === 'pending' ? 'the end' : momentText(untilUs, 10)},{' '}
          {lengthText(untilUs - fromUs)}
        </span>
      </p>
      {told !== undefined && <p>{told}</p>}
      {event !== undefined && (
        <p class="actions">
          <button type="button" onClick={() => app.select(app.model.data.firstOf(event), 'Event')}>
            Event {event}
          </button>
        </p>
      )}
      <details>
        <summary class="dim">input, output and tags</summary>
        <JsonView value={{ input: line.input, output: line.output, tags: line.tags }} />
      </details>
    </div>
  );
}

function judgementText({ check, place, blame, verdict }: NonNullable<Operation['judged']>): string {
  if (blame === 'culprit') return `✗ ${check}: it fits nowhere in an order of them all.`;
  if (blame === 'involved') return `${check}: the violation is about it, too.`;
  if (place !== undefined && verdict === 'ok')
    return `✓ ${check}: number ${place} in the order found.`;
  if (place !== undefined) return `${check}: number ${place}, as far as an order was found.`;
  if (verdict === 'ok') return `✓ ${check}: the order found does without it.`;
  return `${check}: it is not in the longest order that was found.`;
}

interface ByTimeProps {
  readonly app: RunApp;
  readonly operation: Operation;
  readonly isCurrent: boolean;
}

function ByTime({ app, operation, isCurrent }: ByTimeProps): VNode {
  const { client, fromUs, text, result, status, judged } = operation;
  const blame = judged?.blame;
  return (
    <button
      type="button"
      class={`story-row${blame === undefined ? '' : ' mark-violation'}`}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => app.selectOperation(operation)}
    >
      <span class="story-time">{momentText(fromUs, 1000)}</span>
      <span class="story-mark">{blame === 'culprit' ? '✗' : blame === 'involved' ? '!' : ''}</span>
      <span class="story-text">
        <b>{client}</b> {text}{' '}
        {result === '' ? <i class="dim">{status}</i> : <span class="dim">→ {result}</span>}
      </span>
    </button>
  );
}

interface ByOrderProps {
  readonly app: RunApp;
  readonly step: Step;
  readonly place: number;
  readonly isCurrent: boolean;
}

function ByOrder({ app, step, place, isCurrent }: ByOrderProps): VNode {
  const operation = app.model.operations.get(step.operation);
  return (
    <button
      type="button"
      class="story-row order-row"
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => operation !== undefined && app.selectOperation(operation)}
    >
      <span class="story-time">{place}</span>
      <span class="story-text">
        <b>{operation?.client}</b> {operation?.text} <span class="dim">state {step.state}</span>
      </span>
    </button>
  );
}
