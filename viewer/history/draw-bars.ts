import { lowerBound } from '../model/run-data.ts';
import { fittedText } from '../canvas/fitted-text.ts';
import type { HistoryRow } from './history-rows.ts';
import { barsIn, calmRole, inWindow, roleOf, xIn, type Role, type Scene } from './scene.ts';

/** Bars of one role that are narrower and touch become one. */
const THIN_PX = 3;
/** A bar that is narrower has no edge: many of them would be nothing but edges. */
const EDGE_PX = 7;
/** A bar that is narrower has no text. */
const TEXT_PX = 26;
/** What must not be overlooked is as wide as this. */
const SPECIAL_PX = 5;

const SPECIAL: ReadonlySet<Role> = new Set(['culprit', 'stuck', 'about', 'current']);

/** The operations of a client. What cannot be told apart on the screen is drawn as one. */
export function drawBars(scene: Scene, row: HistoryRow): void {
  const { data, shown, state, width, window } = scene;
  const { top, height } = barsIn(scene, row);
  const [first, end] = inWindow(scene, row);
  const unitsAPixel = (window.untilUs - window.fromUs) / width;
  let run: { x: number; end: number; role: Role } | undefined;
  const flush = (): void => {
    if (run !== undefined) drawRun(scene, run, top, height);
    run = undefined;
  };
  for (let i = first; i < end; i++) {
    const operation = row.operations[i] as number;
    const left = Math.max(-4, xIn(scene, row.from[i] as number));
    const right = Math.min(width + 4, xIn(scene, row.until[i] as number));
    const role = calmRole(data, shown, state, operation);
    if (right - left >= THIN_PX) {
      flush();
      drawBar(scene, operation, role, { left, right, top, height });
      continue;
    }
    if (run?.role === role && left <= run.end + 1) run.end = Math.max(run.end, right);
    else {
      flush();
      run = { x: left, end: Math.max(right, left + 1), role };
    }
    // All that end on the pixel that is drawn already.
    const next = lowerBound(row.until, window.fromUs + (run.end + 0.5) * unitsAPixel) - 1;
    if (next > i) i = Math.min(next, end - 1);
  }
  flush();
}

/** What is wrong, chosen or found, on top and wide enough to be seen. */
export function drawSpecials(scene: Scene, row: HistoryRow, wanted: Iterable<number>): void {
  const { context, palette, state, width } = scene;
  const { top, height } = barsIn(scene, row);
  for (const operation of wanted) {
    const i = lowerBound(row.operations, operation);
    if (row.operations[i] !== operation) continue;
    const left = xIn(scene, row.from[i] as number);
    const right = xIn(scene, row.until[i] as number);
    if (right < -SPECIAL_PX || left > width + SPECIAL_PX) continue;
    const wide = Math.max(right, left + SPECIAL_PX);
    const box = { left: Math.max(-4, left), right: Math.min(wide, width + 4), top, height };
    const role = roleOf(scene, operation);
    if (SPECIAL.has(role)) drawBar(scene, operation, role, box);
    if (operation !== state.selected) continue;
    context.strokeStyle = palette.select;
    context.lineWidth = 2;
    context.strokeRect(box.left - 1.5, top - 1.5, box.right - box.left + 3, height + 3);
  }
}

/** Below what was found. */
export function drawFound(scene: Scene, row: HistoryRow): void {
  const { context, palette, state, width } = scene;
  if (state.found.length === 0) return;
  const { top, height } = barsIn(scene, row);
  const [first, end] = inWindow(scene, row);
  context.fillStyle = palette.hues[5] as string;
  let last = -Infinity;
  for (let i = first; i < end; i++) {
    const at = lowerBound(state.found, row.operations[i] as number);
    if (state.found[at] !== row.operations[i]) continue;
    const left = Math.max(0, xIn(scene, row.from[i] as number));
    const right = Math.min(width, xIn(scene, row.until[i] as number));
    if (right < last + 0.5) continue;
    last = Math.max(right, left + 3);
    context.fillRect(left, top + height + 1, last - left, 3);
  }
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

function drawRun(
  scene: Scene,
  { x, end, role }: { readonly x: number; readonly end: number; readonly role: Role },
  top: number,
  height: number,
): void {
  const { context } = scene;
  context.globalAlpha = Math.min(1, 2 * fillOf(role));
  context.fillStyle = hueOf(scene, role);
  context.fillRect(x, top, Math.max(1, end - x), height);
  context.globalAlpha = 1;
}

function drawBar(scene: Scene, operation: number, role: Role, box: Box): void {
  const { context, data, palette } = scene;
  const { left, right, top, height } = box;
  const hue = hueOf(scene, role);
  if (SPECIAL.has(role)) {
    // Nothing below shines through.
    context.fillStyle = palette.card;
    context.fillRect(left, top, right - left, height);
  }
  const isThin = right - left < EDGE_PX;
  context.globalAlpha = isThin ? Math.min(1, 2 * fillOf(role)) : fillOf(role);
  context.fillStyle = hue;
  context.fillRect(left, top, right - left, height);
  context.globalAlpha = 1;
  if (right - left >= EDGE_PX || SPECIAL.has(role)) drawEdge(scene, operation, role, box);
  if (right - left < TEXT_PX) return;
  context.fillStyle = role === 'culprit' ? palette.card : textOf(scene, role);
  context.font = `${role === 'culprit' || role === 'current' ? '600 ' : ''}11px ${palette.sans}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const start = Math.max(left, 0) + 5;
  const mark = MARKS[role] ?? '';
  const room = Math.min(right, scene.width) - start - 4;
  fittedText(context, `${mark}${data.textOf(operation)}`, start, top + height / 2 + 0.5, room);
}

/** The edge says what colour says, in another way; what never returned is open to the right. */
function drawEdge(scene: Scene, operation: number, role: Role, box: Box): void {
  const { context, data } = scene;
  const { left, right, top, height } = box;
  context.strokeStyle = hueOf(scene, role);
  context.lineWidth = role === 'current' || role === 'culprit' ? 2 : 1;
  context.setLineDash(DASHES[role] ?? []);
  context.beginPath();
  if (data.isPending(operation)) {
    context.moveTo(right, top + 0.5);
    context.lineTo(left + 0.5, top + 0.5);
    context.lineTo(left + 0.5, top + height - 0.5);
    context.lineTo(right, top + height - 0.5);
  } else {
    context.rect(left + 0.5, top + 0.5, right - left - 1, height - 1);
  }
  context.stroke();
  context.setLineDash([]);
}

const MARKS: Partial<Record<Role, string>> = { culprit: '✗ ', stuck: '✗ ', about: '! ' };

const DASHES: Partial<Record<Role, readonly number[] & number[]>> = {
  stuck: [5, 3],
  left: [2, 3],
  doubtful: [2, 3],
};

const FILLS: Readonly<Record<Role, number>> = {
  culprit: 0.95,
  stuck: 0.16,
  about: 0.34,
  current: 0.45,
  done: 0.3,
  later: 0.14,
  left: 0.06,
  elsewhere: 0.1,
  doubtful: 0.12,
};

function fillOf(role: Role): number {
  return FILLS[role];
}

function hueOf({ palette }: Scene, role: Role): string {
  switch (role) {
    case 'culprit':
    case 'stuck':
      return palette.bad;
    case 'about':
      return palette.odd;
    case 'current':
      return palette.select;
    case 'done':
    case 'later':
    case 'elsewhere':
      return palette.hues[0] as string;
    case 'left':
    case 'doubtful':
      return palette.grey;
  }
}

function textOf({ palette }: Scene, role: Role): string {
  return role === 'left' || role === 'elsewhere' || role === 'doubtful'
    ? palette.dim
    : palette.text;
}
