import type { Axis } from './axes.ts';
import type { HistoryApp } from './history-app.ts';
import type { HistoryHit } from './history-hit.ts';

/** What is said of the thing below the pointer: a head, and lines. */
export function hoverWords(app: HistoryApp, hit: HistoryHit): string[] {
  if (hit.kind === 'remark') {
    const { start, end, description, details } = hit.remark.annotation;
    const { from, until } = hit.remark;
    const when = from === until ? placeText(app.axis, from) : rangeText(app.axis, from, until);
    const stamps = end === undefined || end === start ? [start] : [start, end];
    // Between two stamps of the file there are none that say anything.
    const told = stamps.every(Number.isInteger) ? ` (${stamps.join(' to ')})` : '';
    return [description, ...(details === undefined ? [] : [details]), `${when}${told}`];
  }
  const { operation } = hit;
  const { data } = app;
  const line = data.line[operation] === 0 ? '' : `, line ${data.line[operation]}`;
  const place = placeWords(app, operation);
  return [
    short(data.textOf(operation)),
    `client ${data.clientOf(operation)}${line}`,
    whenText(app, operation),
    ...(place === '' ? [] : [place]),
    ...stateWords(app, operation),
  ];
}

/** When an operation was called and returned, in words. */
export function whenText({ axes, data }: HistoryApp, operation: number): string {
  // In time whatever the axis: ranks tell nothing that the picture does not show.
  const { time } = axes;
  const from = time.from[operation] as number;
  if (data.isPending(operation)) {
    return `called at ${placeText(time, from)}, never returned: it may take effect any time later`;
  }
  return rangeText(time, from, time.until[operation] as number);
}

function rangeText(axis: Axis, from: number, until: number): string {
  return `${placeText(axis, from)} to ${placeText(axis, until)}, ${axis.distance(until - from)}`;
}

function placeText(axis: Axis, unit: number): string {
  return axis
    .label(unit, 1)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** Where an operation stands in the order that is shown, in words; '' = nothing to say. */
export function placeWords(app: HistoryApp, operation: number): string {
  const { data, shown, state } = app;
  const part = data.partOf[operation] as number;
  if (part !== state.part) return `of key ${keyText(data.keys[part])}; click to see its order`;
  if (shown === undefined) return '';
  const place = shown.placeOf[operation] as number;
  const count = shown.order.operations.length;
  if (place > 0) return `number ${place} of ${count} in this order`;
  if (shown.order.stuck.includes(operation)) {
    return `✗ cannot come next: after ${count} operations its answer is impossible`;
  }
  if (data.isPending(operation)) return 'this order does without its effect';
  return 'not in this order';
}

function stateWords({ data, shown, state }: HistoryApp, operation: number): string[] {
  const place = shown?.placeOf[operation] ?? 0;
  if (shown === undefined || place === 0 || data.partOf[operation] !== state.part) return [];
  const before = stateText(
    place === 1 ? data.firstStateOf(state.part) : shown.order.stateAfter(place - 2),
  );
  const after = stateText(shown.order.stateAfter(place - 1));
  return before === after
    ? [`state stays ${after}`]
    : [`state before: ${before}`, `after: ${after}`];
}

/** The state after a step of what is shown. */
export function stateAt({ data, shown, state }: HistoryApp, step: number): string {
  return step === 0 ? data.firstStateOf(state.part) : (shown?.order.stateAfter(step - 1) ?? '');
}

export function stateText(state: string): string {
  return state === '' ? '(left out of this page: too long)' : short(state);
}

/** A key as a person would write it down: an empty one can be seen. */
export function keyText(key: string | undefined): string {
  return key === undefined || key === '' ? '(no key)' : short(key);
}

const MOST = 240;

function short(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST / 2)} … ${text.slice(-MOST / 2)}`;
}
