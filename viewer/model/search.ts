import { wordsOf } from '../../scenarios/report/trace-words.ts';
import type { RunData } from './run-data.ts';

/** More than these are found, but not listed. */
const MOST = 50_000;

/**
 * The records whose words, names or payload contain a text, whatever its case. A number finds the
 * event of that number.
 */
export function searched(data: RunData, query: string): number[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const number = /^#?(\d+)$/.exec(wanted);
  if (number !== null) {
    const event = Number(number[1]);
    const i = data.firstOf(event);
    if (data.event[i] === event) return [i];
  }
  const byText = new Map<number, boolean>();
  const inString = (id: number): boolean => {
    let isIn = byText.get(id);
    if (isIn === undefined) {
      byText.set(id, (isIn = id > 0 && data.string(id).toLowerCase().includes(wanted)));
    }
    return isIn;
  };
  const inPayload = new Map<number, boolean>();
  const found: number[] = [];
  for (let i = 0; i < data.length && found.length < MOST; i++) {
    const isNamed = inString(data.label[i] as number) || inString(data.node[i] as number);
    if (isNamed || hasPayload(data, i, wanted, inPayload)) found.push(i);
    else if (inString(data.kindId(i)) || inString(data.textId(i))) found.push(i);
    else if (IN_WORDS.has(data.kindAt(i)) && words(data, i).includes(wanted)) found.push(i);
  }
  return found;
}

/** Kinds of which the words say more than their names. */
const IN_WORDS: ReadonlySet<string> = new Set(['lost', 'held', 'duplicated', 'corrupted', 'late']);

function words(data: RunData, i: number): string {
  return wordsOf(data.record(i)).toLowerCase();
}

/** Equal payloads are looked into once. */
function hasPayload(
  data: RunData,
  i: number,
  wanted: string,
  known: Map<number, boolean>,
): boolean {
  const id = data.payloadId(i);
  if (id === 0) return false;
  let isIn = known.get(id);
  if (isIn === undefined) {
    known.set(id, (isIn = (data.payloadText(i) ?? '').toLowerCase().includes(wanted)));
  }
  return isIn;
}
