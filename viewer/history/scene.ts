import type { Palette } from '../canvas/palette.ts';
import { AXIS_PX } from '../canvas/time-axis.ts';
import { lowerBound } from '../model/run-data.ts';
import { toX, type TimeWindow } from '../time/time-window.ts';
import type { HistoryApp, Shown } from './history-app.ts';
import type { HistoryData } from './history-data.ts';
import { TRACK_PX, tracksIn, type HistoryRow } from './history-rows.ts';
import type { HistoryState } from './history-state.ts';

/** All that drawing needs to know, for one frame. */
export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly data: HistoryData;
  readonly state: HistoryState;
  readonly window: TimeWindow;
  readonly rows: readonly HistoryRow[];
  readonly shown: Shown | undefined;
  readonly stuck: ReadonlySet<number>;
  readonly about: ReadonlySet<number>;
  readonly culprit: number;
}

export function sceneOf(
  app: HistoryApp,
  given: Pick<Scene, 'context' | 'width' | 'height' | 'palette'>,
): Scene {
  const { data, rows, shown, state } = app;
  return {
    ...given,
    data,
    state,
    window: state.window,
    rows,
    shown,
    stuck: new Set(shown?.order.stuck),
    about: new Set(app.aboutOf(state.part)),
    culprit: data.violationOf(state.part)?.culprit ?? -1,
  };
}

export function xIn({ window, width }: Scene, unit: number): number {
  return toX(unit, window, width);
}

/** Where a row begins on the canvas. */
export function topIn({ state }: Scene, row: HistoryRow): number {
  return row.y - state.scroll + AXIS_PX;
}

/** Height of the bars of a row, and where they begin. */
export function barsIn(scene: Scene, row: HistoryRow): { top: number; height: number } {
  const above = tracksIn(row.remarks) * TRACK_PX;
  const rest = row.height - above;
  const height = rest > 40 ? 26 : rest > 30 ? 19 : 15;
  return { top: topIn(scene, row) + row.height - height - (rest > 40 ? 6 : 3), height };
}

export function isInSight(scene: Scene, row: HistoryRow): boolean {
  const top = topIn(scene, row);
  return top + row.height > AXIS_PX && top < scene.height;
}

/** What an operation is in the picture; what comes first outweighs what comes later. */
export type Role =
  'culprit' | 'stuck' | 'about' | 'current' | 'done' | 'later' | 'left' | 'elsewhere' | 'doubtful';

export function roleOf(scene: Scene, operation: number): Role {
  const { data, shown, state } = scene;
  if (operation === scene.culprit) return 'culprit';
  if (scene.stuck.has(operation)) return 'stuck';
  if (scene.about.has(operation)) return 'about';
  return calmRole(data, shown, state, operation);
}

/** As if there were nothing wrong. */
export function calmRole(
  data: HistoryData,
  shown: Shown | undefined,
  { part, step }: HistoryState,
  operation: number,
): Role {
  const own = data.partOf[operation] as number;
  if (own !== part) return data.verdicts[own] === 'ok' ? 'elsewhere' : 'doubtful';
  const place = shown?.placeOf[operation] ?? 0;
  if (place === 0) return 'left';
  if (place === step) return 'current';
  return place < step ? 'done' : 'later';
}

/** Which operations of a row are in the window: from the first number to before the second. */
export function inWindow({ window }: Scene, { from, until }: HistoryRow): [number, number] {
  return [lowerBound(until, window.fromUs), lowerBound(from, window.untilUs + 1e-9)];
}
