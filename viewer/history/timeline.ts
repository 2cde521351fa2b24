import { Palette } from '../canvas/palette.ts';
import { Surface, type Painter, type Place } from '../canvas/surface.ts';
import { AXIS_PX, drawAxis, drawFlag, drawGrid } from '../canvas/time-axis.ts';
import type { OnHover } from '../parts/stage.tsx';
import { onTheme } from '../parts/theme.ts';
import { drawBars, drawFound, drawSpecials } from './draw-bars.ts';
import { drawOrder } from './draw-order.ts';
import { drawRemarks, drawShades } from './draw-remarks.ts';
import type { HistoryApp } from './history-app.ts';
import { hitIn, type HistoryHit } from './history-hit.ts';
import { isInSight, sceneOf, xIn, type Scene } from './scene.ts';

/** Rows of clients over time or rank, and the order in which their operations take effect. */
export class Timeline implements Painter {
  readonly surface: Surface;
  private readonly app: HistoryApp;
  private readonly onHover: OnHover<HistoryHit>;
  private palette = new Palette();
  private last: Scene | undefined = undefined;
  private pointerX: number | undefined = undefined;
  private readonly ends: (() => void)[];

  constructor(canvas: HTMLCanvasElement, app: HistoryApp, onHover: OnHover<HistoryHit>) {
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
    app.store.set({ viewHeight: height - AXIS_PX });
    const scene = sceneOf(app, { context, width, height, palette });
    this.last = scene;
    context.fillStyle = palette.card;
    context.fillRect(0, 0, width, height);
    const rows = scene.rows.filter((row) => isInSight(scene, row));
    context.save();
    context.beginPath();
    context.rect(0, AXIS_PX, width, height - AXIS_PX);
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
      context.fillRect(0, AXIS_PX + row.y + row.height - state.scroll - 1, width, 1);
    }
    drawShades(scene);
    // Nothing is beyond the last event.
    const end = xIn(scene, axis.events.at(-1) ?? 0);
    if (end >= width) return;
    context.globalAlpha = 0.6;
    context.fillStyle = palette.page;
    context.fillRect(Math.max(0, end), AXIS_PX, width, height);
    context.globalAlpha = 1;
  }

  private drawPointer({ context, palette, height }: Scene): void {
    if (this.pointerX === undefined) return;
    context.globalAlpha = 0.35;
    context.fillStyle = palette.dim;
    context.fillRect(Math.round(this.pointerX), AXIS_PX, 1, height);
    context.globalAlpha = 1;
  }

  /** The axis, with the places of step and pointer. */
  private drawHead(scene: Scene): void {
    const { context, palette, width, window, shown, state } = scene;
    const { axis } = this.app;
    drawAxis(context, window, width, palette, (unit, step) => axis.label(unit, step));
    const point = shown?.points[state.step - 1];
    if (point !== undefined) {
      const flag = { x: xIn(scene, point), width, text: `step ${state.step}` };
      drawFlag(context, flag, palette.select, palette);
    }
    if (this.pointerX === undefined) return;
    const exact = this.exact((window.untilUs - window.fromUs) / width);
    const at = this.surface.momentAt(this.pointerX);
    const text = axis.label(Math.round(at / exact) * exact, exact);
    if (text !== '') drawFlag(context, { x: this.pointerX, width, text }, palette.dim, palette);
  }

  /** A power of ten that is no longer than a pixel: what is shown can be told apart. */
  private exact(unitsAPixel: number): number {
    const least = this.app.state.axis === 'rank' ? 10 : 1;
    let step = least;
    while (step * 10 <= unitsAPixel) step *= 10;
    return step;
  }
}
