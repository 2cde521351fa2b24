import type { Palette } from '../canvas/palette.ts';
import { countsIn, drawCounts, WindowStrip, type StripSize } from '../canvas/window-strip.ts';
import { onTheme } from '../parts/theme.ts';
import { toX } from '../time/time-window.ts';
import type { RunApp } from './run-app.ts';
import type { RunState } from './run-state.ts';

/** The whole run in a strip. */
export class Overview {
  private readonly app: RunApp;
  private readonly strip: WindowStrip;
  private readonly ends: (() => void)[];
  private drawnFor: RunState | undefined = undefined;
  private counted: { readonly width: number; readonly counts: Uint32Array } | undefined = undefined;

  constructor(canvas: HTMLCanvasElement, app: RunApp) {
    this.app = app;
    this.strip = new WindowStrip(canvas, {
      window: () => app.state.window,
      bounds: () => app.bounds,
      setWindow: (window) => app.setWindow(window),
      showAll: () => app.showAll(),
      cursor: () => app.state.cursorUs,
      draw: (context, size, palette) => this.draw(context, size, palette),
      click: (us, isInside) => this.click(us, isInside),
    });
    this.ends = [app.store.listen(() => this.follow()), onTheme(() => this.strip.recolour())];
  }

  close(): void {
    for (const end of this.ends) end();
    this.strip.close();
  }

  /** Draws again where something has changed that can be seen here. */
  private follow(): void {
    const { window, cursorUs, found } = this.app.state;
    const { drawnFor } = this;
    const isSame = drawnFor?.window === window && drawnFor.found === found;
    if (isSame && drawnFor.cursorUs === cursorUs) return;
    this.drawnFor = this.app.state;
    this.strip.invalidate();
  }

  private click(us: number, isInside: boolean): void {
    const { app } = this;
    const { fromUs, untilUs } = app.state.window;
    app.moveCursor(us);
    if (!isInside) app.showAround(us, untilUs - fromUs);
  }

  /** Faults, how many events there are, what was found, and what is wrong. */
  private draw(context: CanvasRenderingContext2D, size: StripSize, palette: Palette): void {
    const { width, height } = size;
    const { bounds, model, state } = this.app;
    const { data, faults, story } = model;
    const x = (us: number): number => toX(us, bounds, width);
    context.fillStyle = palette.shade;
    for (const { fromUs, untilUs } of faults) {
      const end = x(Math.min(untilUs, data.endUs));
      context.fillRect(x(fromUs), 0, Math.max(1, end - x(fromUs)), height);
    }
    if (this.counted?.width !== width) {
      this.counted = { width, counts: countsIn(data.timeUs, bounds, width) };
    }
    drawCounts(context, this.counted.counts, height, palette);
    context.fillStyle = palette.hues[5] as string;
    for (const record of state.found.slice(0, 2000)) {
      context.fillRect(x(data.timeUs[record] as number), height - 5, 1.5, 5);
    }
    context.fillStyle = palette.bad;
    for (const { kind, timeUs } of story) {
      if (kind === 'violation') context.fillRect(x(timeUs) - 1, 0, 2, height);
    }
  }
}
