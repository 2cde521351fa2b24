import type { Operation } from '../history/operation.ts';
import type { Model } from '../model.ts';
import { describeCall } from './describe.ts';
import { drawIntervals } from './interval-picture.ts';
import type { MinimalHistory } from './minimise.ts';

/** Settings of {@link describeMinimal}. */
export interface DescribeMinimalOptions {
  /** Where the operation of this index is to be found. Default: the index. */
  readonly placeOf?: ((index: number) => string | number) | undefined;
  /** What kind of place that is, for the head of its column. Default: `operation`. */
  readonly placeName?: string | undefined;
}

/** Cores of more operations are listed without their picture. */
const DRAWN_MAX = 8;
/** Of larger cores only the last operations are listed. */
const LISTED_MAX = 20;
/** Longer descriptions are cut in the middle. */
const CHARACTERS_MAX = 160;
/** Stamps from here on are counted from the first call shown. */
const STAMP_MAX = 1_000_000;

/**
 * The smallest contradiction for people, on several lines: what was answered, by call, with a bar
 * from call to return, client and stamps; and what is assumed about the others.
 *
 * @param history - the one that was minimised
 */
export function describeMinimal<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  { core, relaxed, isMinimal }: MinimalHistory<I, O>,
  { placeOf = (index) => index, placeName = 'operation' }: DescribeMinimalOptions = {},
): string {
  const listed = core.slice(-LISTED_MAX);
  const operations = listed.map((index) => history[index]!);
  const columns = [
    ['', ...(core.length <= DRAWN_MAX ? drawIntervals(operations) : [])],
    [placeName, ...listed.map((index) => String(placeOf(index)))],
    ['client', ...operations.map(({ clientId }) => String(clientId))],
    ['when', ...stamps(operations)],
    ['', ...operations.map((operation) => shorten(describeCall(model, operation)))],
  ].filter((column) => column.length > 1);
  const rows = ['', ...operations].map((_, row) => {
    const cells = columns.map((column) => column[row]!.padEnd(widest(column)));
    return `  ${cells.join('  ')}`.trimEnd();
  });
  const one = core.length === 1;
  const title = one
    ? 'This answer is impossible'
    : `These ${core.length} answers contradict each other`;
  return [
    isMinimal ? `${title}:` : `${title} (there may be fewer that do; the budget was used up):`,
    ...rows,
    ...(core.length > LISTED_MAX ? [`  and ${core.length - LISTED_MAX} earlier ones`] : []),
    ...others(relaxed.length),
  ].join('\n');
}

function others(count: number): string[] {
  if (count === 0) return [];
  const [who, whose] =
    count === 1 ? ['1 other operation', 'its call'] : [`${count} other operations`, 'their calls'];
  return [`no matter when ${who} took effect after ${whose}, if at all`];
}

/** `[10, 20]`; of large stamps, such as times of day, only what they differ in. */
function stamps(operations: readonly Operation<unknown, unknown>[]): string[] {
  const all = operations.flatMap(({ call, return: end }) => [call, end ?? call]);
  const isLarge = all.some((stamp) => Math.abs(stamp) >= STAMP_MAX);
  const origin = isLarge ? Math.min(...all) : 0;
  const text = (stamp: number): string => `${isLarge ? '+' : ''}${stamp - origin}`;
  return operations.map(
    ({ call, return: end }) => `[${text(call)}, ${end === undefined ? 'pending' : text(end)}]`,
  );
}

function widest(column: readonly string[]): number {
  return Math.max(...column.map((cell) => cell.length));
}

/** Where values are long, their ends tell most: a list grows there. */
function shorten(text: string): string {
  if (text.length <= CHARACTERS_MAX) return text;
  const half = CHARACTERS_MAX / 2;
  return `${text.slice(0, half)} ... ${text.slice(-half)}`;
}
