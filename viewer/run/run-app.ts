import { FUTURE, PAST, type Cone } from '../model/causality.ts';
import type { Operation } from '../model/operations.ts';
import type { RunModel } from '../model/run-model.ts';
import { searched } from '../model/search.ts';
import { Store } from '../model/store.ts';
import { everyFrame } from '../time/every-frame.ts';
import { around, wholeOf, within, zoomed, type TimeWindow } from '../time/time-window.ts';
import { firstKnown, firstPins } from './know-rows.ts';
import { heightOf, rowParts, rowsOf, type Row, type RowChoices, type RowParts } from './rows.ts';
import type { RunState, Tab } from './run-state.ts';

/** Speeds at which a run is played: virtual µs a second. */
export const SPEEDS: readonly number[] = [
  100, 1_000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
];

/** Events that say least; steps go over them. */
const QUIET: ReadonlySet<string> = new Set(['timer', 'wake', 'start', 'invoke']);

/** A violation is shown with so much of what was before it, at most, in µs. */
const BEFORE_VIOLATION_US = 400_000;

/** What the rows of the diagram depend on. */
export const ROWS_FOLLOW: readonly (keyof RowChoices | 'viewHeight')[] = [
  'folded',
  'hiddenNodes',
  'known',
  'pinned',
  'isByOwner',
  'viewHeight',
];

/** Sets of what is hidden, folded or chosen. */
type Choice = 'folded' | 'hiddenTypes' | 'hiddenFates' | 'hiddenNodes' | 'known' | 'pinned';

/** What is done to the page of a run, whoever does it: a key, a button, the diagram. */
export class RunApp {
  readonly model: RunModel;
  readonly store: Store<RunState>;
  readonly bounds: TimeWindow;
  private readonly parts: RowParts;
  private rowsFor: RunState | undefined = undefined;
  private rowsNow: readonly Row[] = [];
  private coneFor = -1;
  private coneNow: Cone | undefined = undefined;

  constructor(model: RunModel) {
    this.model = model;
    const { data, violation } = model;
    this.bounds = wholeOf(data.endUs);
    this.parts = rowParts(model);
    const cursorUs = data.timeUs[violation ?? 0] ?? 0;
    this.store = new Store<RunState>({
      window: this.firstWindow(),
      at: violation === undefined ? 0 : this.endOf(violation),
      cursorUs,
      selected: violation ?? -1,
      operation: model.operations.blames[0]?.culprit ?? -1,
      hasCone: false,
      pointerUs: NaN,
      hasGraphs: false,
      tab: 'Story',
      query: '',
      found: [],
      hiddenTypes: new Set(),
      hiddenFates: new Set(),
      hiddenNodes: new Set(['idle']),
      hasTimers: true,
      known: firstKnown(model),
      pinned: firstPins(model),
      isByOwner: false,
      folded: new Set(),
      scroll: 0,
      viewHeight: 400,
      isPlaying: false,
      speed: SPEEDS.findLast((speed) => speed <= data.endUs / 15) ?? SPEEDS[0]!,
      open: 'none',
    });
  }

  get state(): RunState {
    return this.store.get();
  }

  /** The rows as they stand now. */
  get rows(): readonly Row[] {
    const { state, rowsFor: before } = this;
    if (before === undefined || ROWS_FOLLOW.some((key) => before[key] !== state[key])) {
      this.rowsFor = state;
      this.rowsNow = rowsOf(this.model, this.parts, state, state.viewHeight);
    }
    return this.rowsNow;
  }

  /** Past and future of the selected event, if they are to stand out. */
  get cone(): Cone | undefined {
    const { selected, hasCone } = this.state;
    if (!hasCone || selected < 0) return undefined;
    const event = this.model.data.event[selected] as number;
    if (this.coneFor !== event) {
      this.coneFor = event;
      this.coneNow = this.model.causality.coneOf(event);
    }
    return this.coneNow;
  }

  /** How many events could have led to the selected one, and be led to by it. */
  coneCounts(): { past: number; future: number } | undefined {
    const { cone } = this;
    if (cone === undefined) return undefined;
    let [past, future] = [0, 0];
    for (const mark of cone.of) {
      if (mark === PAST) past++;
      if (mark === FUTURE) future++;
    }
    return { past, future };
  }

  setWindow(window: TimeWindow): void {
    this.store.set({ window: within(window, this.bounds) });
  }

  zoom(factor: number, aroundUs?: number): void {
    const { window, cursorUs } = this.state;
    const middle = (window.fromUs + window.untilUs) / 2;
    const isInside = cursorUs >= window.fromUs && cursorUs <= window.untilUs;
    const moment = aroundUs ?? (isInside ? cursorUs : middle);
    this.setWindow(zoomed(window, factor, moment, this.bounds));
  }

  pan(share: number): void {
    const { fromUs, untilUs } = this.state.window;
    const by = (untilUs - fromUs) * share;
    this.setWindow({ fromUs: fromUs + by, untilUs: untilUs + by });
  }

  showAll(): void {
    this.setWindow(this.bounds);
  }

  /** Show so much around a moment. */
  showAround(momentUs: number, lengthUs: number): void {
    this.setWindow(around(momentUs, lengthUs, this.bounds));
  }

  /** Select a record, with the operation that it begins or ends. */
  select(record: number, tab?: Tab): void {
    const { data, operations } = this.model;
    if (record < 0 || record >= data.length) return;
    const event = data.event[record] as number;
    const node = data.string(data.node[record] as number);
    const operation = operations.ofEvent(event, node)?.id ?? -1;
    this.moveTo(record);
    this.store.set({ selected: record, operation, ...(tab === undefined ? {} : { tab }) });
  }

  /** Select an operation, and the event in which it ended, if it did. */
  selectOperation(operation: Operation, tab?: Tab): void {
    const { data } = this.model;
    const { event } = operation.line;
    const record = event === undefined ? data.firstAt(operation.fromUs) : data.firstOf(event);
    this.moveTo(Math.min(record, Math.max(0, data.length - 1)), operation.untilUs);
    this.store.set({
      operation: operation.id,
      selected: event === undefined ? -1 : record,
      ...(tab === undefined ? {} : { tab }),
    });
    this.reveal(operation.fromUs, operation.untilUs);
  }

  clearSelection(): void {
    this.store.set({ selected: -1, operation: -1, hasCone: false });
  }

  /** Put the cursor at a moment: what is shown is what was then. */
  moveCursor(us: number): void {
    const { data } = this.model;
    const cursorUs = Math.min(Math.max(us, 0), data.endUs);
    this.store.set({ cursorUs, at: Math.max(0, data.firstAt(cursorUs + 1) - 1) });
  }

  private moveTo(record: number, us?: number): void {
    const { data } = this.model;
    const cursorUs = us ?? data.timeUs[record] ?? 0;
    this.store.set({ at: this.endOf(record), cursorUs });
    if (us === undefined) this.reveal(cursorUs, cursorUs);
  }

  /** The last record of the event of a record: what is shown is the state after all of it. */
  private endOf(record: number): number {
    const { data } = this.model;
    return Math.max(record, data.firstOf((data.event[record] ?? 0) + 1) - 1);
  }

  /** Move the window so that something is in it, and no further. */
  private reveal(fromUs: number, untilUs: number): void {
    const { window } = this.state;
    const length = window.untilUs - window.fromUs;
    if (fromUs >= window.fromUs && untilUs <= window.untilUs) return;
    const middle = (fromUs + untilUs) / 2;
    this.showAround(middle, Math.max(length, (untilUs - fromUs) * 1.3));
  }

  /** The next event that says something, or the one before; of those that are shown. */
  step(by: 1 | -1): void {
    const { data } = this.model;
    const { at, selected, hiddenNodes } = this.state;
    const from = selected >= 0 ? (data.event[selected] as number) : (data.event[at] as number);
    let i = by > 0 ? data.firstOf(from + 1) : data.firstOf(from) - 1;
    for (; i >= 0 && i < data.length; i += by) {
      const first = data.firstOf(data.event[i] as number);
      const node = data.string(data.node[first] as number);
      if (!QUIET.has(data.kindAt(first)) && !hiddenNodes.has(node)) return this.select(first);
    }
  }

  /** The next line of the story, or the one before. */
  stepStory(by: 1 | -1): void {
    const { story } = this.model;
    const { at, selected } = this.state;
    const here = selected >= 0 ? selected : at;
    const next =
      by > 0
        ? story.find(({ record }) => record > here)
        : story.findLast(({ record }) => record < here);
    if (next !== undefined) this.select(next.record);
  }

  search(query: string): void {
    const found = searched(this.model.data, query);
    this.store.set({ query, found });
  }

  stepFound(by: 1 | -1): void {
    const { found, selected } = this.state;
    if (found.length === 0) return;
    const next =
      by > 0
        ? (found.find((i) => i > selected) ?? found[0])
        : (found.findLast((i) => i < selected) ?? found[found.length - 1]);
    this.select(next!, 'Event');
  }

  toggle(which: Choice, key: string): void {
    const next = new Set(this.state[which]);
    if (!next.delete(key)) next.add(key);
    this.store.set({ [which]: next });
    this.scrollBy(0);
  }

  /** Show all that all nodes know over time; or of none, if it is shown. */
  toggleKnown(): void {
    const { knowledge, lanes } = this.model;
    const more = lanes.map(({ id }) => id).filter((id) => knowledge.hasMore(id));
    const isAll = more.every((id) => this.state.known.has(id));
    this.store.set({ known: new Set(isAll ? [] : more) });
    this.scrollBy(0);
  }

  /** The height of what shows the rows, in px; where there is more than they need lanes get it. */
  setViewHeight(viewHeight: number): void {
    this.store.set({ viewHeight });
    this.scrollBy(0);
  }

  scrollBy(px: number): void {
    const most = Math.max(0, heightOf(this.rows) - this.state.viewHeight);
    this.store.set({ scroll: Math.min(most, Math.max(0, this.state.scroll + px)) });
  }

  /** Play from the cursor on; from the beginning if it is at the end. */
  play(isPlaying: boolean = !this.state.isPlaying): void {
    if (isPlaying && this.state.cursorUs >= this.model.data.endUs) this.moveCursor(0);
    this.store.set({ isPlaying, ...(isPlaying ? { selected: -1, hasCone: false } : {}) });
    if (isPlaying) everyFrame((seconds) => this.playOn(seconds));
  }

  /** @returns does it go on? */
  private playOn(seconds: number): boolean {
    const { isPlaying, speed, cursorUs, window } = this.state;
    if (!isPlaying) return false;
    this.moveCursor(cursorUs + seconds * speed);
    const length = window.untilUs - window.fromUs;
    if (this.state.cursorUs > window.untilUs - length / 5 || cursorUs < window.fromUs) {
      const fromUs = this.state.cursorUs - length / 5;
      this.setWindow({ fromUs, untilUs: fromUs + length });
    }
    const isOver = this.state.cursorUs >= this.model.data.endUs;
    if (isOver) this.store.set({ isPlaying: false });
    return !isOver;
  }

  changeSpeed(by: 1 | -1): void {
    const i = SPEEDS.indexOf(this.state.speed) + by;
    this.store.set({ speed: SPEEDS[Math.min(Math.max(i, 0), SPEEDS.length - 1)]! });
  }

  /** The violation and what led to it, if there is one; else the whole run. */
  private firstWindow(): TimeWindow {
    const { violation, data, operations } = this.model;
    if (violation === undefined) return this.bounds;
    const atUs = data.timeUs[violation] ?? 0;
    const [blame] = operations.blames;
    const involved = (blame?.involved ?? []).map((id) => operations.get(id)?.fromUs ?? atUs);
    const story = (data.about.result.story ?? []).map(({ timeUs }) => timeUs);
    const first = Math.min(atUs, ...involved, ...story);
    const before = Math.max(atUs - first, Math.min(BEFORE_VIOLATION_US, data.endUs / 8));
    const after = before / 4;
    return within({ fromUs: atUs - before * 1.15, untilUs: atUs + after }, this.bounds);
  }
}
