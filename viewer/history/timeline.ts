import { Palette } from '../canvas/palette.ts';
import { Surface, type Painter, type Place } from '../canvas/surface.ts';
import { drawAxis, drawGrid } from '../canvas/time-axis.ts';
import { onTheme } from '../parts/theme.ts';
import { drawBars, drawFound, drawSpecials } from './draw-bars.ts';
import { drawOrder } from './draw-order.ts';
import { drawRemarks, drawShades } from './draw-remarks.ts';
import type { HistoryApp } from './history-app.ts';
import { hitIn, type HistoryHit } from './history-hit.ts';
import { HEAD_PX, isInSight, sceneOf, xIn, type Scene } from './scene.ts';

/** Told what the pointer is over; undefined = nothing. */
export type OnHistoryHover = (hit: HistoryHit | undefined, at: Place) => void;

/** Rows of clients over time or rank, and the order in which their operations take effect. */
export class Timeline implements Painter {
  readonly surface: Surface;
  private readonly app: HistoryApp;
  private readonly onHover: OnHistoryHover;
  private palette = new Palette();
  private last: Scene | undefined = undefined;
  private pointerX: number | undefined = undefined;
  private readonly ends: (() => void)[];

  constructor(canvas: HTMLCanvasElement, app: HistoryApp, onHover: OnHistoryHover) {
    this.app = app;
    this.onHover = onHover;
    this.surface = new Surface(canvas, this, {
      window: () => app.state.window,
      bounds: () => app.axis.bounds,
      setWindow: (window) => app.setWindow(window),
    });
    this.ends = [
      app.store.listen(() => this.surface.invalidate()),
      onTheme(() => {
        this.palette = new Palette();
        this.surface.invalidate();
      }),
    ];
  }

  close(): void {
    for (const end of this.ends) end();
    this.surface.close();
  }

  draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    const { app, palette } = this;
    app.store.set({ viewHeight: height - HEAD_PX });
    const scene = sceneOf(app, { context, width, height, palette });
    this.last = scene;
    context.fillStyle = palette.card;
    context.fillRect(0, 0, width, height);
    const rows = scene.rows.filter((row) => isInSight(scene, row));
    context.save();
    context.beginPath();
    context.rect(0, HEAD_PX, width, height - HEAD_PX);
    context.clip();
    this.drawGround(scene);
    const special = new Set([
      ...(scene.shown?.order.stuck ?? []),
      ...scene.about,
      scene.culprit,
      app.current,
      app.state.selected,
    ]);
    for (const row of rows) {
      drawRemarks(scene, row);
      drawBars(scene, row);
      drawFound(scene, row);
    }
    for (const row of rows) drawSpecials(scene, row, special);
    drawOrder(scene);
    this.drawPointer(scene);
    context.restore();
    this.drawHead(scene);
  }

  hover(at: Place | undefined): void {
    this.pointerX = at?.x;
    const hit = at === undefined ? undefined : this.hit(at);
    this.surface.canvas.style.cursor = hit?.kind === 'operation' ? 'pointer' : '';
    this.onHover(hit, at ?? { x: 0, y: 0 });
    this.surface.invalidate();
  }

  click(at: Place): void {
    const hit = this.hit(at);
    if (hit?.kind === 'operation') this.app.select(hit.operation);
    else this.app.clearSelection();
  }

  doubleClick(at: Place): void {
    this.app.zoom(0.2, this.surface.momentAt(at.x));
  }

  scroll(byPx: number): void {
    this.app.scrollBy(byPx);
  }

  private hit(at: Place): HistoryHit | undefined {
    return this.last === undefined ? undefined : hitIn(this.last, at.x, at.y);
  }

  private drawGround(scene: Scene): void {
    const { context, palette, rows, state, width, height, window } = scene;
    const { axis } = this.app;
    drawGrid(context, window, { width, height }, palette);
    context.fillStyle = palette.grid;
    for (const row of rows) {
      if (!isInSight(scene, row)) continue;
      context.fillRect(0, HEAD_PX + row.y + row.height - state.scroll - 1, width, 1);
    }
    drawShades(scene);
    // Nothing is beyond the last event.
    const end = xIn(scene, axis.events.at(-1) ?? 0);
    if (end >= width) return;
    context.globalAlpha = 0.6;
    context.fillStyle = palette.page;
    context.fillRect(Math.max(0, end), HEAD_PX, width, height);
    context.globalAlpha = 1;
  }

  private drawPointer({ context, palette, height }: Scene): void {
    if (this.pointerX === undefined) return;
    context.globalAlpha = 0.35;
    context.fillStyle = palette.dim;
    context.fillRect(Math.round(this.pointerX), HEAD_PX, 1, height);
    context.globalAlpha = 1;
  }

  /** The axis, with the places of step and pointer. */
  private drawHead(scene: Scene): void {
    const { context, palette, width, window, shown, state } = scene;
    const { axis } = this.app;
    context.fillStyle = palette.card;
    context.fillRect(0, 0, width, HEAD_PX);
    const size = { width, height: HEAD_PX };
    drawAxis(context, window, size, palette, (unit, step) => axis.label(unit, step));
    context.fillStyle = palette.line;
    context.fillRect(0, HEAD_PX - 1, width, 1);
    const point = shown?.points[state.step - 1];
    if (point !== undefined) {
      this.flag(scene, xIn(scene, point), `step ${state.step}`, palette.select);
    }
    if (this.pointerX === undefined) return;
    const exact = this.exact((window.untilUs - window.fromUs) / width);
    const at = this.surface.momentAt(this.pointerX);
    const text = axis.label(Math.round(at / exact) * exact, exact);
    if (text !== '') this.flag(scene, this.pointerX, text, palette.dim);
  }

  /** A power of ten that is no longer than a pixel: what is shown can be told apart. */
  private exact(unitsAPixel: number): number {
    const least = this.app.state.axis === 'rank' ? 10 : 1;
    let step = least;
    while (step * 10 <= unitsAPixel) step *= 10;
    return step;
  }

  private flag({ context, palette, width }: Scene, x: number, text: string, fill: string): void {
    if (x < -1 || x > width + 1) return;
    context.font = `600 11px ${palette.sans}`;
    const box = context.measureText(text).width + 12;
    const left = Math.min(Math.max(0, x - box / 2), width - box);
    context.fillStyle = fill;
    context.beginPath();
    context.roundRect(left, 2, box, HEAD_PX - 6, 4);
    context.fill();
    context.fillStyle = palette.card;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(text, left + 6, HEAD_PX / 2 - 0.5);
  }
}
