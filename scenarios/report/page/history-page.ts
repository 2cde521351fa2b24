import type { Annotation, DescribedPart, LinearizationInfo } from '../../../porcupine-ts/index.ts';
import { VERSION } from '../../define/version.ts';
import { toJson } from '../json.ts';
import {
  PART_VERDICTS,
  type Core,
  type HistoryAbout,
  type HistoryJson,
  type PartViolation,
} from './history-parts.ts';
import { packNumbers, packTexts } from './packed.ts';
import { areWhole, packStamps } from './packed-stamps.ts';
import { writePage } from './page-file.ts';

/** What a history was checked for, and what came of it. */
export interface CheckedFile extends Pick<
  HistoryAbout,
  'file' | 'model' | 'verdict' | 'undecided' | 'steps' | 'remarks'
> {
  readonly info: LinearizationInfo;
  /** By operation, as `info` numbers them: what the page tells of it beside its words. */
  readonly notes: readonly OperationNote[];
  readonly core?: Core | undefined;
}

/** What a file says of an operation beside what was asked and answered. */
export interface OperationNote {
  /** Line of the file, from 1; 0 = unknown. */
  readonly line: number;
  /** Virtual times in µs. */
  readonly invokedUs?: number | undefined;
  readonly completedUs?: number | undefined;
  /** All else, as JSON; '' = nothing. */
  readonly more: string;
}

/**
 * The data of a page that shows a history.
 * @param textMax longer texts of operations and states are cut in the middle, in characters
 */
export function historyPage(checked: CheckedFile, textMax: number): Uint8Array {
  const { info, notes, core } = checked;
  // By call: neighbours in the picture are neighbours in the tables, which makes those small.
  const order = info.operations
    .map((_, index) => index)
    .toSorted((a, b) => info.operations[a]!.call - info.operations[b]!.call || a - b);
  const numberOf = new Uint32Array(order.length);
  for (const [number, index] of order.entries()) numberOf[index] = number;
  const renumbered = (indices: readonly number[]): number[] =>
    indices.map((index) => numberOf[index]!);
  const texts = new Shortener(textMax);
  const operations = operationTables(info, notes, order, texts);
  const parts = partTables(info.parts, renumbered, texts);
  const violations = info.parts.flatMap(({ violation }, part): PartViolation[] => {
    if (violation === undefined) return [];
    const { operation, operations: involved, kind, reason } = violation;
    const culprit = numberOf[operation]!;
    return [{ part, culprit, involved: renumbered(involved), kind, reason }];
  });
  const about: HistoryAbout = {
    file: checked.file,
    model: checked.model,
    verdict: checked.verdict,
    ...(checked.undecided === undefined ? {} : { undecided: checked.undecided }),
    steps: checked.steps,
    stamps: operations.stamps,
    hasTimes: operations.hasTimes,
    counts: { operations: order.length, ...parts.counts },
    ...(core === undefined ? {} : { core: { ...core, operations: renumbered(core.operations) } }),
    remarks: [...checked.remarks, ...texts.remarks()],
  };
  const json: HistoryJson = { violations, annotations: shortened(info.annotations, texts) };
  return writePage(
    { kind: 'history', faultlab: VERSION, about },
    {
      ...operations.tables,
      ...parts.tables,
      violations: new TextEncoder().encode(toJson(json.violations)),
      annotations: new TextEncoder().encode(toJson(json.annotations)),
    },
  );
}

function shortened(annotations: readonly Annotation[], texts: Shortener): Annotation[] {
  return annotations.map((annotation) => ({
    ...annotation,
    description: texts.shorten(annotation.description),
  }));
}

interface OperationTables {
  readonly stamps: 'whole' | 'real';
  readonly hasTimes: boolean;
  readonly tables: Readonly<Record<string, Uint8Array>>;
}

function operationTables(
  { operations }: LinearizationInfo,
  notes: readonly OperationNote[],
  order: readonly number[],
  shortener: Shortener,
): OperationTables {
  const clients = new Numbering();
  const texts = new Numbering();
  const more = new Numbering();
  const columns = { client: [], text: [], line: [], more: [] } as Record<string, number[]>;
  for (const index of order) {
    const { clientId, description } = operations[index]!;
    // The clients 1 and "1" are two.
    columns['client']!.push(clients.of(String(clientId), typeof clientId));
    columns['text']!.push(texts.of(shortener.shorten(description)));
    columns['line']!.push(notes[index]?.line ?? 0);
    columns['more']!.push(more.of(shortener.shorten(notes[index]?.more ?? '')));
  }
  const stamps = {
    calls: order.map((index) => operations[index]!.call),
    returns: order.map((index) => operations[index]!.return),
  };
  const times = {
    calls: order.map((index) => notes[index]?.invokedUs ?? NaN),
    returns: order.map((index) =>
      operations[index]!.return === undefined ? undefined : (notes[index]?.completedUs ?? NaN),
    ),
  };
  const hasTimes = order.length > 0 && areWhole(times);
  const packed = packStamps(stamps);
  const packedTimes = hasTimes ? packStamps(times) : undefined;
  return {
    stamps: areWhole(stamps) ? 'whole' : 'real',
    hasTimes,
    tables: {
      calls: packed.calls,
      ends: packed.ends,
      ...(packedTimes === undefined
        ? {}
        : { callTimes: packedTimes.calls, endTimes: packedTimes.ends }),
      ...Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, packNumbers(column)]),
      ),
      clientNames: packTexts(clients.texts),
      texts: packTexts(texts.texts),
      moreTexts: packTexts(more.texts),
    },
  };
}

/** The parts one after the other, and in them their orders; each but for how it begins. */
function partTables(
  parts: readonly DescribedPart[],
  renumbered: (indices: readonly number[]) => number[],
  shortener: Shortener,
): { counts: Omit<HistoryAbout['counts'], 'operations'>; tables: Record<string, Uint8Array> } {
  const size = parts.reduce((sum, { operations }) => sum + operations.length, 0);
  const partOf = new Uint32Array(size);
  const [orderCounts, stateCounts]: [number[], number[]] = [[], []];
  const [lengths, shared, places, after]: number[][] = [[], [], [], []] as number[][];
  const [stuckCounts, stuck]: [number[], number[]] = [[], []];
  const states: string[] = [];
  for (const [number, part] of parts.entries()) {
    for (const operation of renumbered(part.operations)) partOf[operation] = number;
    orderCounts.push(part.partialLinearizations.length);
    stateCounts.push(part.states.length);
    for (const state of part.states) states.push(shortener.shorten(state));
    let before: readonly number[] = [];
    for (const { operations, states: told, illegalNext } of part.partialLinearizations) {
      const common = commonLength(before, operations);
      lengths!.push(operations.length);
      shared!.push(common);
      for (const operation of renumbered(operations.slice(common))) places!.push(operation);
      // 0 = the state was left out.
      for (const state of told.slice(common)) after!.push(state + 1);
      stuckCounts.push(illegalNext.length);
      for (const operation of renumbered(illegalNext)) stuck.push(operation);
      before = operations;
    }
  }
  const columns = { orderCounts, stateCounts, lengths, shared, places, after, stuckCounts, stuck };
  return {
    counts: {
      parts: parts.length,
      orders: lengths!.length,
      places: places!.length,
      stuck: stuck.length,
    },
    tables: {
      partOf: packNumbers(partOf),
      verdicts: packNumbers(parts.map(({ verdict }) => PART_VERDICTS.indexOf(verdict))),
      keys: packTexts(parts.map(({ key }) => key ?? '')),
      states: packTexts(states),
      ...Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, packNumbers(column!)]),
      ),
    },
  };
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Texts, each once. */
class Numbering {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param kind keeps equal texts of several kinds apart */
  of(text: string, kind: string = ''): number {
    const name = `${kind}:${text}`;
    let number = this.numbers.get(name);
    if (number === undefined) {
      this.numbers.set(name, (number = this.texts.length));
      this.texts.push(text);
    }
    return number;
  }
}

/** Cuts long texts in the middle: the end of a list that grows tells most. */
class Shortener {
  private readonly max: number;
  private count = 0;

  constructor(max: number) {
    this.max = max;
  }

  shorten(text: string): string {
    if (text.length <= this.max) return text;
    this.count++;
    const half = Math.floor(this.max / 2);
    const left = text.length - 2 * half;
    return `${text.slice(0, half)} … (${left} characters) … ${text.slice(-half)}`;
  }

  remarks(): string[] {
    if (this.count === 0) return [];
    return [`Texts of more than ${this.max} characters were cut in the middle in this page.`];
  }
}
