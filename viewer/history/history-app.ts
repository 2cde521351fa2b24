import { Store } from '../model/store.ts';
import { everyFrame } from '../time/every-frame.ts';
import { around, panned, within, zoomed, type TimeWindow } from '../time/time-window.ts';
import { axesOf, moved, type Axes, type Axis, type AxisKind } from './axes.ts';
import type { HistoryData, Order } from './history-data.ts';
import { historyRows, totalHeight, type HistoryRow } from './history-rows.ts';
import type { HistoryState } from './history-state.ts';
import { foundIn } from './find.ts';
import { instantsOf, pointsOn } from './points.ts';

/** A part whose linearization is shown, and where its operations take effect. */
export interface Shown {
  readonly order: Order;
  /** By operation of the history: its place in the order, from 1; 0 = it has none. */
  readonly placeOf: Uint32Array;
  /** By place: where on the axis. */
  readonly points: Float64Array;
}

/** Speeds at which a linearization is played: steps a second. */
const STEP_SPEEDS: readonly number[] = [0.5, 1, 2, 5, 10, 20, 50, 100, 500];

/** A violation is shown with so many operations around it, at most. */
const AROUND = 40;

/** What is done to the page of a history, whoever does it: a key, a button, the picture. */
export class HistoryApp {
  readonly data: HistoryData;
  readonly axes: Axes;
  readonly store: Store<HistoryState>;
  private rowsNow: { key: string; rows: readonly HistoryRow[] } | undefined = undefined;
  private shownNow: { key: string; shown: Shown } | undefined = undefined;

  constructor(data: HistoryData) {
    this.data = data;
    this.axes = axesOf(data);
    const [first] = data.violations;
    this.store = new Store<HistoryState>({
      axis: 'time',
      window: this.axes.time.bounds,
      part: first?.part ?? (data.keys.length > 0 ? 0 : -1),
      isOnly: first !== undefined && data.keys.length > 1,
      order: 0,
      step: 0,
      selected: -1,
      isPlaying: false,
      speed: 2,
      tab: 'Steps',
      query: '',
      found: [],
      keyQuery: '',
      scroll: 0,
      viewHeight: 400,
      open: 'none',
    });
    if (first !== undefined) this.toViolation(0);
  }

  get state(): HistoryState {
    return this.store.get();
  }

  get axis(): Axis {
    return this.axes[this.state.axis];
  }

  get rows(): readonly HistoryRow[] {
    const { axis, isOnly, part } = this.state;
    const key = `${axis} ${isOnly ? part : ''}`;
    if (this.rowsNow?.key !== key) {
      const rows = historyRows(this.data, this.axes, this.axis, isOnly ? part : undefined);
      this.rowsNow = { key, rows };
    }
    return this.rowsNow.rows;
  }

  /** The linearization that is shown; undefined if there is none. */
  get shown(): Shown | undefined {
    const { axis, order, part } = this.state;
    const key = `${axis} ${part} ${order}`;
    if (this.shownNow?.key !== key) {
      const found = this.data.ordersOf(part)[order];
      if (found === undefined) return undefined;
      const placeOf = new Uint32Array(this.data.length);
      for (const [i, operation] of found.operations.entries()) placeOf[operation] = i + 1;
      const points = pointsOn(this.axis, instantsOf(found.operations, this.axes));
      this.shownNow = { key, shown: { order: found, placeOf, points } };
    }
    return this.shownNow.shown;
  }

  /** The last operation that has taken effect; -1 = none. */
  get current(): number {
    return this.shown?.order.operations[this.state.step - 1] ?? -1;
  }

  // --- steps ------------------------------------------------------------------------------------

  /** To a step, and into sight. */
  goTo(step: number): void {
    const { shown } = this;
    if (shown === undefined) return;
    const next = Math.min(Math.max(0, step), shown.order.operations.length);
    this.store.set({ step: next, selected: shown.order.operations[next - 1] ?? -1 });
    this.reveal(shown.points[Math.max(0, next - 1)] ?? this.axis.bounds.fromUs, this.current);
  }

  stepBy(by: number): void {
    this.goTo(this.state.step + by);
  }

  /** Go on by itself, from the beginning if it is at the end. */
  play(isPlaying: boolean = !this.state.isPlaying): void {
    const last = this.shown?.order.operations.length ?? 0;
    if (isPlaying && last === 0) return;
    this.store.set({ isPlaying });
    if (!isPlaying) return;
    if (this.state.step >= last) this.goTo(0);
    let steps = 0;
    everyFrame((seconds) => {
      if (!this.state.isPlaying) return false;
      steps += seconds * this.state.speed;
      const whole = Math.floor(steps);
      if (whole === 0) return true;
      steps -= whole;
      this.stepBy(whole);
      const isOver = this.state.step >= (this.shown?.order.operations.length ?? 0);
      if (isOver) this.store.set({ isPlaying: false });
      return !isOver;
    });
  }

  changeSpeed(by: 1 | -1): void {
    const i = STEP_SPEEDS.indexOf(this.state.speed) + by;
    this.store.set({ speed: STEP_SPEEDS[Math.min(Math.max(i, 0), STEP_SPEEDS.length - 1)]! });
  }

  /** Another of the part's linearizations, or beginnings of one. */
  showOrder(order: number): void {
    if (this.data.ordersOf(this.state.part)[order] === undefined) return;
    this.store.set({ order });
    this.goTo(this.shown?.order.operations.length ?? 0);
  }

  /** Look at an operation, in its part, and in an order that has it, if there is one. */
  select(operation: number): void {
    const part = this.data.partOf[operation];
    if (part === undefined) return;
    const orders = this.data.ordersOf(part);
    const isHere = part === this.state.part;
    const order = isHere ? this.state.order : 0;
    const has = (i: number): boolean => orders[i]?.operations.includes(operation) === true;
    const other = has(order) ? order : orders.findIndex((_, i) => has(i));
    this.store.set({ part, order: Math.max(0, other < 0 ? order : other), tab: 'Steps' });
    const place = this.shown?.placeOf[operation] ?? 0;
    const last = this.shown?.order.operations.length ?? 0;
    // What is in no order is looked at where this one breaks off.
    this.store.set({ selected: operation, step: place > 0 ? place : last });
    this.revealOperation(operation);
  }

  clearSelection(): void {
    this.store.set({ selected: -1 });
  }

  // --- violations and parts ---------------------------------------------------------------------

  /** To a violation: its part, where its longest linearization breaks off, and what is to blame. */
  toViolation(number: number): void {
    const { violations } = this.data;
    if (violations.length === 0) return;
    const violation = violations[(number + violations.length) % violations.length]!;
    const { part, culprit } = violation;
    const isOnly = this.data.keys.length > 1;
    this.store.set({ part, isOnly, order: 0, tab: 'Steps' });
    const step = this.shown?.order.operations.length ?? 0;
    this.store.set({ step, selected: culprit });
    this.showOperations(this.aboutOf(part), culprit);
    this.revealOperation(culprit);
  }

  /** The next violation after the one that is looked at. */
  nextViolation(): void {
    const { violations } = this.data;
    const at = violations.findIndex(
      ({ part, culprit }) => part === this.state.part && culprit === this.state.selected,
    );
    this.toViolation(at + 1);
  }

  /** Operations that the violation of a part is about. */
  aboutOf(part: number): readonly number[] {
    const violation = this.data.violationOf(part);
    if (violation === undefined) return [];
    const core = this.coreOf(part)?.operations ?? [];
    return [...new Set([...violation.involved, violation.culprit, ...core])].toSorted(
      (a, b) => a - b,
    );
  }

  /** The smallest contradiction, if it lies in this part. */
  coreOf(part: number): HistoryData['about']['core'] {
    const { core } = this.data.about;
    return core?.operations.some((i) => this.data.partOf[i] === part) === true ? core : undefined;
  }

  showPart(part: number, isOnly: boolean): void {
    if (this.data.keys[part] === undefined) return;
    this.store.set({ part, isOnly, order: 0, selected: -1, step: 0, scroll: 0 });
    if (this.data.verdicts[part] !== 'ok') {
      this.store.set({ step: this.shown?.order.operations.length ?? 0 });
    }
  }

  stepPart(by: number): void {
    const { length } = this.data.keys;
    if (length > 1) this.showPart((this.state.part + by + length) % length, this.state.isOnly);
  }

  // --- the window -------------------------------------------------------------------------------

  setWindow(window: TimeWindow): void {
    this.store.set({ window: within(window, this.axis.bounds) });
  }

  setAxis(axis: AxisKind): void {
    const [from, to] = [this.axis, this.axes[axis]];
    if (from === to) return;
    const { fromUs, untilUs } = this.state.window;
    const isAll = fromUs <= from.bounds.fromUs && untilUs >= from.bounds.untilUs;
    const window = isAll
      ? to.bounds
      : { fromUs: moved(fromUs, from, to), untilUs: moved(untilUs, from, to) };
    this.store.set({ axis, window: within(window, to.bounds) });
  }

  /** Move the window so that a place is in its middle. */
  centre(unit: number): void {
    const { fromUs, untilUs } = this.state.window;
    this.setWindow(around(unit, untilUs - fromUs, this.axis.bounds));
  }

  zoom(factor: number, at: number = this.middle()): void {
    this.setWindow(zoomed(this.state.window, factor, at, this.axis.bounds));
  }

  pan(share: number): void {
    const { fromUs, untilUs } = this.state.window;
    this.setWindow(panned(this.state.window, share * (untilUs - fromUs), this.axis.bounds));
  }

  showAll(): void {
    this.setWindow(this.axis.bounds);
  }

  /** To the operation that is selected, or the step; with a few beside it. */
  showSelection(): void {
    const { selected } = this.state;
    const operation = selected >= 0 ? selected : this.current;
    if (operation >= 0) this.showOperations([operation], operation);
  }

  scrollBy(px: number): void {
    this.scrollTo(this.state.scroll + px);
  }

  private scrollTo(scroll: number): void {
    const most = Math.max(0, totalHeight(this.rows) - this.state.viewHeight);
    this.store.set({ scroll: Math.min(Math.max(0, scroll), most) });
  }

  /** A window that has them; if they lie far apart, one that has the one that matters most. */
  private showOperations(operations: readonly number[], most: number): void {
    const { axis, data } = this;
    const endOf = (operation: number): number =>
      data.isPending(operation)
        ? (axis.from[operation] as number)
        : (axis.until[operation] as number);
    const { fromUs, untilUs } = axis.bounds;
    // What a few operations take on the average: one alone says little.
    const usual = Math.min(1, AROUND / Math.max(1, this.shownCount())) * (untilUs - fromUs);
    const from = Math.min(...operations.map((operation) => axis.from[operation] as number));
    const until = Math.max(...operations.map(endOf));
    const isFar = until - from > 3 * usual;
    const [first, last] = isFar ? [axis.from[most] as number, endOf(most)] : [from, until];
    const span = last - first;
    // Wide enough for what is around it, and no wider than lets one see what it is about.
    const length = span === 0 ? usual : Math.min(Math.max(1.8 * span, usual), 6 * span);
    this.setWindow(around((first + last) / 2, length, axis.bounds));
  }

  /** Number of operations that the rows show. */
  private shownCount(): number {
    return this.rows.reduce((sum, { operations }) => sum + operations.length, 0);
  }

  private revealOperation(operation: number): void {
    const { fromUs, untilUs } = this.state.window;
    const from = this.axis.from[operation] as number;
    const until = this.axis.until[operation] as number;
    const end = Number.isNaN(until) ? from : until;
    this.reveal(from > untilUs || from < fromUs ? from : Math.min(end, untilUs), operation);
  }

  /** Move window and rows so that a place is in sight, and not more than that. */
  private reveal(unit: number, operation: number): void {
    const { window } = this.state;
    const length = window.untilUs - window.fromUs;
    const margin = length * 0.08;
    if (unit < window.fromUs + margin) {
      this.setWindow({ fromUs: unit - length / 4, untilUs: unit + (3 * length) / 4 });
    } else if (unit > window.untilUs - margin) {
      this.setWindow({ fromUs: unit - (3 * length) / 4, untilUs: unit + length / 4 });
    }
    const name = `client ${this.data.client[operation]}`;
    const row = this.rows.find(({ key }) => key === name);
    if (row === undefined) return;
    const { scroll, viewHeight } = this.state;
    if (row.y < scroll) this.scrollTo(row.y);
    else if (row.y + row.height > scroll + viewHeight) {
      this.scrollTo(row.y + row.height - viewHeight);
    }
  }

  private middle(): number {
    const { fromUs, untilUs } = this.state.window;
    const point = this.shown?.points[this.state.step - 1];
    return point !== undefined && point > fromUs && point < untilUs
      ? point
      : (fromUs + untilUs) / 2;
  }

  // --- search -----------------------------------------------------------------------------------

  search(query: string): void {
    if (query === this.state.query) return;
    this.store.set({ query, found: foundIn(this.data, query) });
  }

  /** To the next one found, after the operation that is selected. */
  stepFound(by: 1 | -1): void {
    const { found, selected, isOnly, part } = this.state;
    if (found.length === 0) return;
    const next =
      by > 0
        ? (found.find((operation) => operation > selected) ?? found[0]!)
        : (found.findLast((operation) => operation < selected) ?? found.at(-1)!);
    // Found elsewhere: a filter that hides it would be in the way.
    if (isOnly && this.data.partOf[next] !== part) {
      this.showPart(this.data.partOf[next] as number, true);
    }
    this.select(next);
  }
}
