import type { TraceRecord } from '../../../sim/index.ts';
import { isSame } from './content-difference.ts';

/** A record as two tellings of an event have it: both, or one of them. */
export interface NoteEdit {
  readonly a?: TraceRecord;
  readonly b?: TraceRecord;
}

/** Longer lists are compared place by place: the table grows with the product of their lengths. */
const MOST = 500;

/** Two lists of records side by side, with as many pairs of equal ones as there can be. */
export function noteEdits(a: readonly TraceRecord[], b: readonly TraceRecord[]): NoteEdit[] {
  if (a.length > MOST || b.length > MOST) return placeByPlace(a, b);
  const width = b.length + 1;
  // Pairs that the rests of both lists can still make, from each place on.
  const pairs = new Int32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => pairs[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const isPair = isSame(a[i] as TraceRecord, b[j] as TraceRecord);
      pairs[i * width + j] = isPair ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const edits: NoteEdit[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && other !== undefined && isSame(one, other)) {
      edits.push({ a: one, b: other });
      i++;
      j++;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ a: one });
      i++;
    } else if (other !== undefined) {
      edits.push({ b: other });
      j++;
    }
  }
  return edits;
}

function placeByPlace(a: readonly TraceRecord[], b: readonly TraceRecord[]): NoteEdit[] {
  const edits: NoteEdit[] = [];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one !== undefined && other !== undefined && isSame(one, other)) {
      edits.push({ a: one, b: other });
      continue;
    }
    if (one !== undefined) edits.push({ a: one });
    if (other !== undefined) edits.push({ b: other });
  }
  return edits;
}
