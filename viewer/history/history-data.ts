import { PageError, type PageFile } from '../../scenarios/report/page/page-file.ts';
import {
  PART_VERDICTS,
  type HistoryAbout,
  type HistoryCounts,
  type HistoryJson,
  type PartVerdict,
  type PartViolation,
} from '../../scenarios/report/page/history-parts.ts';
import { Texts, unpackNumbers } from '../../scenarios/report/page/packed.ts';
import { unpackStamps } from '../../scenarios/report/page/packed-stamps.ts';

/** A linearization, or the beginning of one. */
export interface Order {
  readonly operations: Uint32Array;
  /** For each of them the state after it, in words; '' if it was left out. */
  readonly stateAfter: (place: number) => string;
  /** Operations that could come next, were they not illegal there. */
  readonly stuck: readonly number[];
}

/** A checked history as its page holds it, in columns; operations are numbered by their calls. */
export class HistoryData {
  readonly about: HistoryAbout;
  readonly faultlab: string;
  readonly length: number;
  readonly calls: Float64Array;
  /** NaN: it never returned. */
  readonly returns: Float64Array;
  /** The same in µs, where that is known. */
  readonly times: { readonly calls: Float64Array; readonly returns: Float64Array } | undefined;
  readonly client: Uint32Array;
  readonly line: Uint32Array;
  readonly partOf: Uint32Array;
  readonly clients: readonly string[];
  readonly keys: readonly string[];
  readonly verdicts: readonly PartVerdict[];
  readonly violations: HistoryJson['violations'];
  readonly annotations: HistoryJson['annotations'];
  private readonly text: Uint32Array;
  private readonly texts: Texts;
  private readonly more: Uint32Array;
  private readonly moreTexts: Texts;
  private readonly orders: OrderTables;
  private readonly byPart: ReadonlyMap<number, PartViolation>;

  /** @throws PageError if the page is damaged */
  constructor(file: PageFile) {
    const about = file.about as HistoryAbout;
    const counts = about?.counts as Partial<HistoryCounts> | undefined;
    const { operations, parts } = counts ?? {};
    if (!isCount(operations) || !isCount(parts) || !Array.isArray(about.remarks)) {
      throw new PageError('The head of the data in this page does not tell of a history.');
    }
    this.about = about;
    this.faultlab = file.faultlab;
    this.length = operations;
    const stamps = { calls: file.section('calls'), ends: file.section('ends') };
    const { calls, returns } = unpackStamps(about.stamps, stamps, operations);
    this.calls = calls;
    this.returns = returns;
    this.times = about.hasTimes
      ? unpackStamps(
          'whole',
          { calls: file.section('callTimes'), ends: file.section('endTimes') },
          operations,
        )
      : undefined;
    this.clients = all(new Texts(file.section('clientNames')));
    this.keys = all(new Texts(file.section('keys')));
    this.texts = new Texts(file.section('texts'));
    this.moreTexts = new Texts(file.section('moreTexts'));
    this.client = column(file, 'client', operations, this.clients.length);
    this.text = column(file, 'text', operations, this.texts.length);
    this.more = column(file, 'more', operations, this.moreTexts.length);
    this.line = column(file, 'line', operations, Infinity);
    this.partOf = column(file, 'partOf', operations, parts);
    if (this.keys.length !== parts) {
      throw new PageError('There are not as many keys in this page as it says.');
    }
    const verdicts = column(file, 'verdicts', parts, PART_VERDICTS.length);
    this.verdicts = Array.from(verdicts, (verdict) => PART_VERDICTS[verdict] ?? 'unknown');
    this.violations = violationsOf(file, this);
    this.byPart = new Map(this.violations.map((violation) => [violation.part, violation]));
    this.annotations = listOf(file, 'annotations') as HistoryJson['annotations'];
    this.orders = new OrderTables(file, about.counts);
  }

  clientOf(operation: number): string {
    return this.clients[this.client[operation] as number] ?? '';
  }

  /** Input and output on one line. */
  textOf(operation: number): string {
    return this.texts.at(this.text[operation] as number);
  }

  /** Equal texts have equal numbers. */
  textId(operation: number): number {
    return this.text[operation] as number;
  }

  /** What else its file says of it, as JSON; '' = nothing. */
  moreOf(operation: number): string {
    return this.moreTexts.at(this.more[operation] as number);
  }

  isPending(operation: number): boolean {
    return Number.isNaN(this.returns[operation]);
  }

  violationOf(part: number): PartViolation | undefined {
    return this.byPart.get(part);
  }

  /** The linearization of a part, or the beginnings of one that were found, the longest first. */
  ordersOf(part: number): readonly Order[] {
    return this.orders.of(part);
  }

  /** The state of a part before any operation, in words. */
  firstStateOf(part: number): string {
    return this.orders.firstState(part);
  }
}

/** The orders of all parts; those of a part are made when somebody looks at it. */
class OrderTables {
  private readonly lengths: Uint32Array;
  private readonly shared: Uint32Array;
  private readonly places: Uint32Array;
  private readonly after: Uint32Array;
  private readonly stuckCounts: Uint32Array;
  private readonly stuck: Uint32Array;
  /** By part: where its orders and states begin; one more at the end. */
  private readonly firstOrder: Float64Array;
  private readonly firstStateAt: Float64Array;
  /** By order: where its places, and what could not come next, begin. */
  private readonly firstPlace: Float64Array;
  private readonly firstStuck: Float64Array;
  private readonly states: Texts;
  private readonly known = new Map<number, readonly Order[]>();

  constructor(file: PageFile, counts: HistoryCounts) {
    const { operations, parts, orders, places, stuck } = counts;
    if (![orders, places, stuck].every(isCount)) {
      throw new PageError('The head of the data in this page does not tell of linearizations.');
    }
    this.states = new Texts(file.section('states'));
    this.firstOrder = sums(column(file, 'orderCounts', parts, Infinity));
    this.firstStateAt = sums(column(file, 'stateCounts', parts, Infinity));
    this.lengths = column(file, 'lengths', orders, operations + 1);
    this.shared = column(file, 'shared', orders, operations + 1);
    this.places = column(file, 'places', places, operations);
    this.after = column(file, 'after', places, Infinity);
    this.stuckCounts = column(file, 'stuckCounts', orders, operations + 1);
    this.stuck = column(file, 'stuck', stuck, operations);
    this.firstPlace = sums(this.lengths.map((length, i) => length - (this.shared[i] as number)));
    this.firstStuck = sums(this.stuckCounts);
    const isWhole =
      this.firstOrder.at(-1) === orders &&
      this.firstPlace.at(-1) === places &&
      this.firstStuck.at(-1) === stuck &&
      this.firstStateAt.at(-1) === this.states.length;
    if (!isWhole) throw new PageError('The linearizations in this page do not fit together.');
  }

  firstState(part: number): string {
    return this.states.at(this.firstStateAt[part] as number);
  }

  of(part: number): readonly Order[] {
    let orders = this.known.get(part);
    if (orders === undefined) this.known.set(part, (orders = this.read(part)));
    return orders;
  }

  private read(part: number): Order[] {
    const orders: Order[] = [];
    const states = this.firstStateAt[part] as number;
    const last = this.firstOrder[part + 1] ?? 0;
    let before: { operations: Uint32Array; after: Uint32Array } | undefined;
    for (let i = this.firstOrder[part] as number; i < last; i++) {
      const length = this.lengths[i] as number;
      const common = Math.min(this.shared[i] as number, before?.operations.length ?? 0);
      const operations = new Uint32Array(length);
      const after = new Uint32Array(length);
      if (before !== undefined) {
        operations.set(before.operations.subarray(0, common));
        after.set(before.after.subarray(0, common));
      }
      const from = this.firstPlace[i] as number;
      operations.set(this.places.subarray(from, from + length - common), common);
      after.set(this.after.subarray(from, from + length - common), common);
      const stuckFrom = this.firstStuck[i] as number;
      const stuck = this.stuck.subarray(stuckFrom, stuckFrom + (this.stuckCounts[i] as number));
      orders.push({
        operations,
        stateAfter: (place) => {
          const state = after[place] ?? 0;
          return state === 0 ? '' : this.states.at(states + state - 1);
        },
        stuck: [...stuck],
      });
      before = { operations, after };
    }
    return orders;
  }
}

/** The sums of all before, and of all. */
function sums(counts: Uint32Array): Float64Array {
  const sum = new Float64Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) sum[i + 1] = (sum[i] as number) + (counts[i] as number);
  return sum;
}

/** @throws PageError if it is not as long as it says, or a number is not below the bound */
function column(file: PageFile, name: string, length: number, bound: number): Uint32Array {
  const numbers = unpackNumbers(file.section(name), new Uint32Array(length));
  if (bound !== Infinity && numbers.some((number) => number >= bound)) {
    throw new PageError(`The table "${name}" in this page names something that is not there.`);
  }
  return numbers;
}

function all(texts: Texts): string[] {
  return Array.from({ length: texts.length }, (_, i) => texts.at(i));
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}

function listOf(file: PageFile, name: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(new TextDecoder().decode(file.section(name)));
    if (Array.isArray(list)) return list;
  } catch (error) {
    if (error instanceof PageError) throw error;
  }
  throw new PageError(`The section "${name}" of this page is not JSON: it is damaged.`);
}

function violationsOf(file: PageFile, { length, keys }: HistoryData): readonly PartViolation[] {
  const violations = listOf(file, 'violations') as readonly Partial<PartViolation>[];
  const isIn = (operation: unknown): boolean => isCount(operation) && operation < length;
  const isWhole = violations.every(
    ({ part, culprit, involved, kind, reason }) =>
      isCount(part) &&
      part < keys.length &&
      isIn(culprit) &&
      Array.isArray(involved) &&
      involved.every(isIn) &&
      typeof kind === 'string' &&
      typeof reason === 'string',
  );
  if (!isWhole) throw new PageError('A violation in this page is about what is not there.');
  return violations as readonly PartViolation[];
}
