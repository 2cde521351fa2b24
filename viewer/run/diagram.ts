import { Palette } from '../canvas/palette.ts';
import { Surface, type Painter, type Place } from '../canvas/surface.ts';
import { AXIS_PX, drawAxis, drawFlag, drawGrid } from '../canvas/time-axis.ts';
import type { OnHover } from '../parts/stage.tsx';
import { onTheme } from '../parts/theme.ts';
import { lengthText, momentText } from '../time/ticks.ts';
import { drawChain, drawFlights } from './draw-flights.ts';
import { drawFact } from './draw-facts.ts';
import { drawFaultShades, drawLane, drawLine, drawMarks, drawVeil } from './draw-lanes.ts';
import { drawFaultRow, drawOperationRow, drawSpanRow } from './draw-spans.ts';
import { hitAt, type Hit } from './hit.ts';
import { isVisible, picture, topOf, xOf, type Picture } from './picture.ts';
import type { Row } from './rows.ts';
import type { RunApp } from './run-app.ts';

/** The space-time diagram: rows over time, with the messages between lanes. */
export class Diagram implements Painter {
  readonly surface: Surface;
  private readonly app: RunApp;
  private readonly onHover: OnHover<Hit>;
  private palette = new Palette();
  private last: Picture | undefined = undefined;
  private readonly ends: (() => void)[];

  constructor(canvas: HTMLCanvasElement, app: RunApp, onHover: OnHover<Hit>) {
    this.app = app;
    this.onHover = onHover;
    this.surface = new Surface(canvas, this, {
      window: () => app.state.window,
      bounds: () => app.bounds,
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
    app.setViewHeight(height - AXIS_PX);
    const { rows, cone, model, state } = app;
    const now = picture({ context, width, height, palette, model, state, rows, cone });
    this.last = now;
    context.fillStyle = palette.card;
    context.fillRect(0, 0, width, height);
    const visible = rows.filter((row) => isVisible(now, row));
    context.save();
    context.beginPath();
    context.rect(0, AXIS_PX, width, height - AXIS_PX);
    context.clip();
    drawGrid(context, now.window, { width, height }, palette);
    drawFaultShades(now);
    for (const row of visible) if (row.kind === 'lane') drawLine(now, row);
    drawFlights(now);
    for (const row of visible) this.drawRow(now, row);
    drawVeil(now);
    drawChain(now);
    for (const row of visible) this.drawSection(now, row);
    this.drawCursor(now);
    context.restore();
    this.drawHead(now);
  }

  hover(at: Place | undefined): void {
    const pointerUs = at === undefined ? NaN : this.surface.momentAt(at.x);
    this.app.store.set({ pointerUs });
    const hit = at === undefined ? undefined : this.hit(at);
    this.surface.canvas.style.cursor = hit === undefined ? '' : 'pointer';
    this.onHover(hit, at ?? { x: 0, y: 0 });
  }

  click(at: Place): void {
    const hit = this.hit(at);
    const { app } = this;
    const { flights } = app.model;
    switch (hit?.kind) {
      case 'record':
        return app.select(hit.record, 'Event');
      case 'flight': {
        const ended = flights.ended[hit.flight] as number;
        return app.select(ended < 0 ? (flights.sent[hit.flight] as number) : ended, 'Event');
      }
      case 'operation':
        return app.selectOperation(hit.operation, 'Operations');
      case 'fault':
        return app.moveCursor(hit.fault.fromUs);
      case 'fact':
        return app.select(hit.fact.drawn.records[hit.at] as number, 'Event');
      case 'span':
        return app.moveCursor(hit.spent.fromUs);
      case undefined:
        app.clearSelection();
        app.moveCursor(this.surface.momentAt(at.x));
    }
  }

  doubleClick(at: Place): void {
    this.app.zoom(0.2, this.surface.momentAt(at.x));
  }

  scroll(byPx: number): void {
    this.app.scrollBy(byPx);
  }

  private hit(at: Place): Hit | undefined {
    return this.last === undefined ? undefined : hitAt(this.last, at.x, at.y);
  }

  private drawRow(now: Picture, row: Row): void {
    switch (row.kind) {
      case 'lane':
        drawLane(now, row);
        return drawMarks(now, row);
      case 'operations':
        return drawOperationRow(now, row);
      case 'spans':
        return drawSpanRow(now, row);
      case 'faults':
        return drawFaultRow(now, row);
      case 'fact':
        return drawFact(now, row);
      case 'section':
    }
  }

  private drawSection(now: Picture, row: Row): void {
    if (row.kind !== 'section') return;
    const { context, palette, width } = now;
    const top = topOf(now, row);
    context.fillStyle = palette.page;
    context.fillRect(0, top, width, row.height);
    context.fillStyle = palette.line;
    context.fillRect(0, top, width, 1);
    context.fillRect(0, top + row.height - 1, width, 1);
  }

  /** The cursor, and a thin line below the pointer. */
  private drawCursor(now: Picture): void {
    const { context, palette, height, state } = now;
    const line = (x: number, colour: string, width: number): void => {
      context.fillStyle = colour;
      context.fillRect(Math.round(x - width / 2), AXIS_PX, width, height);
    };
    if (!Number.isNaN(state.pointerUs)) {
      context.globalAlpha = 0.35;
      line(xOf(now, state.pointerUs), palette.dim, 1);
      context.globalAlpha = 1;
    }
    line(xOf(now, state.cursorUs), palette.select, 1.5);
  }

  /** The axis, with the moments of cursor and pointer. */
  private drawHead(now: Picture): void {
    const { context, palette, width, window, state } = now;
    drawAxis(context, window, width, palette);
    const stepUs = stepOf((window.untilUs - window.fromUs) / width);
    const cursorX = xOf(now, state.cursorUs);
    const moment = momentText(Math.round(state.cursorUs), stepUs);
    drawFlag(context, { x: cursorX, width, text: moment }, palette.select, palette);
    if (Number.isNaN(state.pointerUs)) return;
    const us = Math.max(0, state.pointerUs);
    const gap = lengthText(Math.abs(us - state.cursorUs));
    const sign = us < state.cursorUs ? '−' : '+';
    const text = `${momentText(Math.round(us / stepUs) * stepUs, stepUs)}  ${sign}${gap}`;
    drawFlag(context, { x: xOf(now, us), width, text }, palette.dim, palette);
  }
}

/** A power of ten that is no longer than a pixel, in µs: what is shown can be told apart. */
function stepOf(usAPixel: number): number {
  let step = 1;
  while (step * 10 <= usAPixel) step *= 10;
  return step;
}
