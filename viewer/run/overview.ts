import { Palette } from '../canvas/palette.ts';
import { onTheme } from '../parts/theme.ts';
import { clamp, toUs, toX } from '../time/time-window.ts';
import { lowerBound } from '../model/run-data.ts';
import { unionOf } from '../model/run-model.ts';
import type { RunApp } from './run-app.ts';

const EDGE_PX = 6;

/** What a drag in the overview does. */
interface Drag {
  readonly kind: 'move' | 'from' | 'until' | 'new';
  readonly startUs: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The whole run in a strip, and the window in it: drag it, its edges, or a new one. */
export class Overview {
  private readonly canvas: HTMLCanvasElement;
  private readonly app: RunApp;
  private palette = new Palette();
  private frame = 0;
  private drag: Drag | undefined = undefined;
  private readonly ends: (() => void)[];
  private readonly shades: Float64Array;
  private counts: Uint32Array | undefined = undefined;

  constructor(canvas: HTMLCanvasElement, app: RunApp) {
    this.canvas = canvas;
    this.app = app;
    this.shades = unionOf(app.model.faults);
    const observer = new ResizeObserver(() => {
      this.counts = undefined;
      this.invalidate();
    });
    observer.observe(canvas);
    this.ends = [
      app.store.listen(() => this.invalidate()),
      onTheme(() => {
        this.palette = new Palette();
        this.invalidate();
      }),
      () => observer.disconnect(),
    ];
    canvas.addEventListener('pointerdown', this.onDown);
    canvas.addEventListener('pointermove', this.onMove);
    canvas.addEventListener('pointerup', this.onUp);
    canvas.addEventListener('dblclick', () => app.showAll());
  }

  close(): void {
    for (const end of this.ends) end();
    cancelAnimationFrame(this.frame);
  }

  private invalidate(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.frame = 0;
    const { canvas, app, palette } = this;
    const context = canvas.getContext('2d');
    if (context === null) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    context.scale(devicePixelRatio, devicePixelRatio);
    const { window, cursorUs, found } = app.state;
    const { data, story } = app.model;
    const x = (us: number): number => toX(us, app.bounds, width);
    context.fillStyle = palette.shade;
    const { shades } = this;
    for (let i = 0; i < shades.length; i += 2) {
      const from = x(shades[i] as number);
      const end = x(Math.min(shades[i + 1] as number, data.endUs));
      context.fillRect(from, 0, Math.max(1, end - from), height);
    }
    this.drawCounts(context, width, height);
    context.fillStyle = palette.hues[5] as string;
    for (const record of found.slice(0, 2000)) {
      context.fillRect(x(data.timeUs[record] as number), height - 5, 1.5, 5);
    }
    context.fillStyle = palette.bad;
    for (const { kind, timeUs } of story) {
      if (kind === 'violation') context.fillRect(x(timeUs) - 1, 0, 2, height);
    }
    const [from, until] = [x(window.fromUs), x(window.untilUs)];
    context.fillStyle = palette.veil;
    context.fillRect(0, 0, from, height);
    context.fillRect(until, 0, width - until, height);
    context.strokeStyle = palette.select;
    context.lineWidth = 1.5;
    context.strokeRect(from + 0.5, 0.75, Math.max(3, until - from) - 1, height - 1.5);
    context.fillStyle = palette.select;
    context.fillRect(x(cursorUs) - 0.75, 0, 1.5, height);
  }

  /** How many events there are, by pixel. */
  private drawCounts(context: CanvasRenderingContext2D, width: number, height: number): void {
    const { data } = this.app.model;
    const columnPx = 2;
    const columns = Math.ceil(width / columnPx);
    if (this.counts?.length !== columns) {
      this.counts = new Uint32Array(columns);
      let before = 0;
      for (let i = 0; i < columns; i++) {
        const next = lowerBound(data.timeUs, toUs((i + 1) * columnPx, this.app.bounds, width));
        this.counts[i] = next - before;
        before = next;
      }
    }
    const most = this.counts.reduce((a, b) => Math.max(a, b), 1);
    context.fillStyle = this.palette.bar;
    context.globalAlpha = 0.8;
    for (const [i, count] of this.counts.entries()) {
      const tall = count === 0 ? 0 : Math.max(1.5, Math.sqrt(count / most) * (height - 6));
      context.fillRect(i * columnPx, height - tall, columnPx - 0.5, tall);
    }
    context.globalAlpha = 1;
  }

  private usAt(event: PointerEvent): number {
    const { left, width } = this.canvas.getBoundingClientRect();
    return toUs(clamp(event.clientX - left, 0, width), this.app.bounds, width);
  }

  private kindAt(event: PointerEvent): Drag['kind'] {
    const { left, width } = this.canvas.getBoundingClientRect();
    const { window } = this.app.state;
    const at = event.clientX - left;
    const from = toX(window.fromUs, this.app.bounds, width);
    const until = toX(window.untilUs, this.app.bounds, width);
    if (Math.abs(at - from) < EDGE_PX) return 'from';
    if (Math.abs(at - until) < EDGE_PX) return 'until';
    const isAll = until - from > width - 2 * EDGE_PX;
    return at > from && at < until && !isAll ? 'move' : 'new';
  }

  private readonly onDown = (event: PointerEvent): void => {
    const { fromUs, untilUs } = this.app.state.window;
    this.drag = { kind: this.kindAt(event), startUs: this.usAt(event), fromUs, untilUs };
    this.canvas.setPointerCapture(event.pointerId);
  };

  private readonly onMove = (event: PointerEvent): void => {
    const { drag, app } = this;
    if (drag === undefined) {
      const cursors = { move: 'grab', from: 'ew-resize', until: 'ew-resize', new: 'crosshair' };
      this.canvas.style.cursor = cursors[this.kindAt(event)];
      return;
    }
    const us = this.usAt(event);
    const by = us - drag.startUs;
    if (drag.kind === 'move') {
      app.setWindow({ fromUs: drag.fromUs + by, untilUs: drag.untilUs + by });
      return;
    }
    const other =
      drag.kind === 'from' ? drag.untilUs : drag.kind === 'until' ? drag.fromUs : drag.startUs;
    app.setWindow({ fromUs: Math.min(us, other), untilUs: Math.max(us, other) });
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { drag, app } = this;
    this.drag = undefined;
    const us = this.usAt(event);
    const { fromUs, untilUs } = app.state.window;
    const isClick = drag !== undefined && Math.abs(us - drag.startUs) < 1;
    if (!isClick) return;
    app.moveCursor(us);
    if (drag.kind === 'new') app.showAround(us, drag.untilUs - drag.fromUs || untilUs - fromUs);
  };
}
