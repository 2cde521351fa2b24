import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { JsonView } from '../parts/json-view.tsx';
import { List } from '../parts/list.tsx';
import type { HistoryApp } from './history-app.ts';
import { keyText, placeWords, stateAt, stateText, whenText } from './history-words.ts';

const ROW_PX = 40;
/** More than these are counted, but not listed. */
const LISTED = 12;

/** The violation, the step, and all steps of the order that is shown. */
export function StepsPanel({ app }: { readonly app: HistoryApp }): VNode {
  const state = useStore(app.store, 'part', 'isOnly', 'order', 'step', 'selected');
  const { part, isOnly, step } = state;
  const { data, shown } = app;
  if (data.length === 0) {
    return <p class="empty">This history has no operations: there is nothing to judge.</p>;
  }
  const verdict = data.verdicts[part];
  const count = data.keys.length;
  return (
    <div class="column steps">
      {count > 1 && (
        <div class="chips">
          <span>
            key <b>{keyText(data.keys[part])}</b>{' '}
            <span class="dim">
              {part + 1} of {count}
            </span>
          </span>
          <button
            type="button"
            class="chip"
            aria-pressed={isOnly}
            title="Show the operations of this key alone (k)"
            onClick={() => app.store.set({ isOnly: !isOnly, scroll: 0 })}
          >
            only this key
          </button>
        </div>
      )}
      <div class="cards">
        {verdict === 'illegal' && <ViolationCard app={app} />}
        {verdict === 'unknown' && <UndecidedCard app={app} />}
        {shown !== undefined && step === shown.order.operations.length && verdict !== 'ok' && (
          <StuckCard app={app} />
        )}
        <SelectionCard app={app} />
      </div>
      <OrderChoice app={app} />
      {shown !== undefined && (
        <List
          label="Steps of the linearization"
          count={shown.order.operations.length + 1}
          rowPx={ROW_PX}
          current={step}
          row={(i) => <StepRow key={i} app={app} step={i} isCurrent={i === step} />}
        />
      )}
    </div>
  );
}

function ViolationCard({ app }: { readonly app: HistoryApp }): VNode | null {
  const { part } = app.state;
  const violation = app.data.violationOf(part);
  if (violation === undefined) return null;
  const { culprit, involved, kind, reason } = violation;
  const core = app.coreOf(part);
  const listed = core?.operations ?? involved;
  const answers = listed.length === 1 ? 'This answer is' : `These ${listed.length} answers are`;
  return (
    <section class="card violation" aria-label="Violation">
      <h2>✗ {kind}</h2>
      <p>{reason}</p>
      {core === undefined ? (
        <h3>It is about</h3>
      ) : (
        <h3>
          {answers} impossible{listed.length === 1 ? '' : ' together'}
          {!core.isMinimal && ' (fewer may be)'}
        </h3>
      )}
      <Operations app={app} operations={listed} culprit={culprit} />
      {core !== undefined && core.relaxed > 0 && (
        <p class="dim">
          no matter when {core.relaxed === 1 ? 'one other' : `${core.relaxed} others`} took effect,
          if at all
        </p>
      )}
    </section>
  );
}

function UndecidedCard({ app }: { readonly app: HistoryApp }): VNode {
  const why = app.data.about.undecided ?? 'it was not searched to the end';
  return (
    <section class="card undecided" aria-label="Undecided">
      <h2 class="odd">? undecided</h2>
      <p>
        {why}: that is no pass.{' '}
        {app.shown === undefined ? 'Nothing was put in order.' : 'Below is how far it came.'}
      </p>
    </section>
  );
}

/** What could not come next. */
function StuckCard({ app }: { readonly app: HistoryApp }): VNode {
  const { shown, state } = app;
  const stuck = shown?.order.stuck ?? [];
  const count = shown?.order.operations.length ?? 0;
  return (
    <section class="card stuck" aria-label="What could not come next">
      <h3>
        {count === 0 ? 'At the very start' : `After ${count} operations`} the state is{' '}
        {stateText(stateAt(app, state.step))}
      </h3>
      {stuck.length === 0 ? (
        <p>No operation was tried here whose answer is impossible.</p>
      ) : (
        <>
          <p>{stuck.length === 1 ? 'This cannot' : `These ${stuck.length} cannot`} come next:</p>
          <Operations app={app} operations={stuck} culprit={-1} />
        </>
      )}
    </section>
  );
}

interface OperationsProps {
  readonly app: HistoryApp;
  readonly operations: readonly number[];
  readonly culprit: number;
}

function Operations({ app, operations, culprit }: OperationsProps): VNode {
  const { data } = app;
  return (
    <ul class="operation-list">
      {operations.slice(0, LISTED).map((operation) => (
        <li key={operation}>
          <button type="button" class="link" onClick={() => app.select(operation)}>
            {operation === culprit && <b class="bad">✗ </b>}
            <b>{data.clientOf(operation)}</b> {shortText(data.textOf(operation))}
          </button>{' '}
          <span class="dim line-number">line {data.line[operation]}</span>
        </li>
      ))}
      {operations.length > LISTED && <li class="dim">and {operations.length - LISTED} more</li>}
    </ul>
  );
}

/** The operation that is selected, or that of the step. */
function SelectionCard({ app }: { readonly app: HistoryApp }): VNode | null {
  const { selected } = app.state;
  const { data } = app;
  const operation = selected >= 0 ? selected : app.current;
  if (operation < 0) return null;
  const place = app.shown?.placeOf[operation] ?? 0;
  const more = data.moreOf(operation);
  const isHere = data.partOf[operation] === app.state.part;
  return (
    <section class="card" aria-label="Operation">
      <h2 class="long">{data.textOf(operation)}</h2>
      <p class="dim">
        client <b>{data.clientOf(operation)}</b>, line {data.line[operation]}
        <br />
        {whenText(app, operation)}
      </p>
      <p>{placeWords(app, operation)}</p>
      {place > 0 && isHere && (
        <dl class="change">
          <dt>before</dt>
          <dd>{stateText(stateAt(app, place - 1))}</dd>
          <dt>after</dt>
          <dd>{stateText(stateAt(app, place))}</dd>
        </dl>
      )}
      {more !== '' && <JsonView value={parsed(more)} />}
    </section>
  );
}

/** Tags of its line; as text where they were cut. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Which of several partial linearizations is shown. */
function OrderChoice({ app }: { readonly app: HistoryApp }): VNode | null {
  const { part, order } = app.state;
  const { data, shown } = app;
  if (shown === undefined) return null;
  const orders = data.ordersOf(part);
  const length = shown.order.operations.length;
  const what = data.verdicts[part] === 'ok' ? 'Linearization' : 'Partial linearization';
  const all = data.partOf.reduce((sum, other) => sum + (other === part ? 1 : 0), 0);
  return (
    <div class="chips order-choice">
      <span>
        {what}{' '}
        <span class="dim">
          of {length} of {all} operations
        </span>
      </span>
      {orders.length > 1 && (
        <span class="buttons">
          <button
            type="button"
            aria-label="Longer partial linearization"
            disabled={order === 0}
            onClick={() => app.showOrder(order - 1)}
          >
            ‹
          </button>
          <span class="dim">
            {order + 1} of {orders.length}
          </span>
          <button
            type="button"
            aria-label="Shorter partial linearization"
            title="Next partial linearization (o)"
            disabled={order === orders.length - 1}
            onClick={() => app.showOrder(order + 1)}
          >
            ›
          </button>
        </span>
      )}
    </div>
  );
}

interface RowProps {
  readonly app: HistoryApp;
  readonly step: number;
  readonly isCurrent: boolean;
}

function StepRow({ app, step, isCurrent }: RowProps): VNode {
  const { data, shown } = app;
  const operation = shown?.order.operations[step - 1] ?? -1;
  return (
    <button
      type="button"
      class="step-row"
      aria-current={isCurrent ? 'step' : undefined}
      onClick={() => app.goTo(step)}
    >
      <span class="story-time">{step}</span>
      <span class="story-text">
        {operation < 0 ? (
          <span class="dim">before any operation</span>
        ) : (
          <>
            <b>{data.clientOf(operation)}</b> {shortText(data.textOf(operation))}
          </>
        )}
      </span>
      <span class="step-state story-text">{stateText(stateAt(app, step))}</span>
    </button>
  );
}

function shortText(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 90)} … ${text.slice(-60)}`;
}
