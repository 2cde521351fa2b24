import type { Palette } from '../canvas/palette.ts';
import { countsIn, drawCounts, WindowStrip, type StripSize } from '../canvas/window-strip.ts';
import { onTheme } from '../parts/theme.ts';
import { toX } from '../time/time-window.ts';
import { unitAt } from './axes.ts';
import type { HistoryApp } from './history-app.ts';

/** More marks than these are not drawn. */
const MARKS = 4000;

/** The whole history in a strip. */
export class Strip {
  private readonly app: HistoryApp;
  private readonly strip: WindowStrip;
  private readonly ends: (() => void)[];
  private counted: { readonly key: string; readonly counts: Uint32Array } | undefined = undefined;

  constructor(canvas: HTMLCanvasElement, app: HistoryApp) {
    this.app = app;
    this.strip = new WindowStrip(canvas, {
      window: () => app.state.window,
      bounds: () => app.axis.bounds,
      setWindow: (window) => app.setWindow(window),
      showAll: () => app.showAll(),
      cursor: () => app.shown?.points[app.state.step - 1],
      draw: (context, size, palette) => this.draw(context, size, palette),
      click: (unit) => app.centre(unit),
    });
    this.ends = [
      app.store.listen(() => this.strip.invalidate()),
      onTheme(() => this.strip.recolour()),
    ];
  }

  close(): void {
    for (const end of this.ends) end();
    this.strip.close();
  }

  /** Annotations, how many calls and returns there are, what was found, and what is wrong. */
  private draw(context: CanvasRenderingContext2D, size: StripSize, palette: Palette): void {
    const { width, height } = size;
    const { axis, axes, data, state } = this.app;
    const x = (unit: number): number => toX(unit, axis.bounds, width);
    context.fillStyle = palette.shade;
    for (const { start, end = start } of data.annotations) {
      const from = x(unitAt(axis, axes.positionOf(start)));
      const until = x(unitAt(axis, axes.positionOf(end)));
      context.fillRect(from, 0, Math.max(1.5, until - from), height);
    }
    const key = `${axis.kind} ${width}`;
    if (this.counted?.key !== key) {
      this.counted = { key, counts: countsIn(axis.events, axis.bounds, width) };
    }
    drawCounts(context, this.counted.counts, height, palette);
    context.fillStyle = palette.hues[5] as string;
    for (const operation of state.found.slice(0, MARKS)) {
      context.fillRect(x(axis.from[operation] as number), height - 5, 1.5, 5);
    }
    context.fillStyle = palette.bad;
    for (const { culprit } of data.violations.slice(0, MARKS)) {
      context.fillRect(x(axis.from[culprit] as number) - 1, 0, 2, height);
    }
  }
}
