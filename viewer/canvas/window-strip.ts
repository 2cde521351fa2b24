import { lowerBound } from '../model/run-data.ts';
import { clamp, toUs, toX, type TimeWindow } from '../time/time-window.ts';
import { Palette } from './palette.ts';

/** What a strip shows, and who may change the window in it. */
export interface Stripped {
  window(): TimeWindow;
  bounds(): TimeWindow;
  setWindow(window: TimeWindow): void;
  showAll(): void;
  /** What lies below the window. */
  draw(context: CanvasRenderingContext2D, size: StripSize, palette: Palette): void;
  /** Where one is; undefined = nowhere. */
  cursor(): number | undefined;
  /** Clicked, without a drag, inside the window or outside of it. */
  click(us: number, isInside: boolean): void;
}

export interface StripSize {
  readonly width: number;
  readonly height: number;
}

const EDGE_PX = 6;
const COLUMN_PX = 2;

/** What a drag in the strip does. */
interface Drag {
  readonly kind: 'move' | 'from' | 'until' | 'new';
  readonly startUs: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

const CURSORS = { move: 'grab', from: 'ew-resize', until: 'ew-resize', new: 'crosshair' } as const;

/** All of something in a strip, and the window in it: drag it, its edges, or a new one. */
export class WindowStrip {
  private readonly canvas: HTMLCanvasElement;
  private readonly whole: Stripped;
  private palette = new Palette();
  private frame = 0;
  private drag: Drag | undefined = undefined;
  private readonly observer: ResizeObserver;

  constructor(canvas: HTMLCanvasElement, whole: Stripped) {
    this.canvas = canvas;
    this.whole = whole;
    this.observer = new ResizeObserver(() => this.invalidate());
    this.observer.observe(canvas);
    canvas.addEventListener('pointerdown', this.onDown);
    canvas.addEventListener('pointermove', this.onMove);
    canvas.addEventListener('pointerup', this.onUp);
    canvas.addEventListener('dblclick', () => whole.showAll());
  }

  close(): void {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  /** The colours have changed. */
  recolour(): void {
    this.palette = new Palette();
    this.invalidate();
  }

  /** Draw with the next frame. */
  invalidate(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.drawNow());
  }

  private drawNow(): void {
    this.frame = 0;
    const { canvas, palette, whole } = this;
    const context = canvas.getContext('2d');
    if (context === null) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    context.scale(devicePixelRatio, devicePixelRatio);
    whole.draw(context, { width, height }, palette);
    const x = (us: number): number => toX(us, whole.bounds(), width);
    const window = whole.window();
    const [from, until] = [x(window.fromUs), x(window.untilUs)];
    context.fillStyle = palette.veil;
    context.fillRect(0, 0, from, height);
    context.fillRect(until, 0, width - until, height);
    context.strokeStyle = palette.select;
    context.lineWidth = 1.5;
    context.strokeRect(from + 0.5, 0.75, Math.max(3, until - from) - 1, height - 1.5);
    const cursor = whole.cursor();
    if (cursor === undefined) return;
    context.fillStyle = palette.select;
    context.fillRect(x(cursor) - 0.75, 0, 1.5, height);
  }

  private usAt(event: PointerEvent): number {
    const { left, width } = this.canvas.getBoundingClientRect();
    return toUs(clamp(event.clientX - left, 0, width), this.whole.bounds(), width);
  }

  private kindAt(event: PointerEvent): Drag['kind'] {
    const { left, width } = this.canvas.getBoundingClientRect();
    const [window, bounds] = [this.whole.window(), this.whole.bounds()];
    const at = event.clientX - left;
    const from = toX(window.fromUs, bounds, width);
    const until = toX(window.untilUs, bounds, width);
    if (Math.abs(at - from) < EDGE_PX) return 'from';
    if (Math.abs(at - until) < EDGE_PX) return 'until';
    const isAll = until - from > width - 2 * EDGE_PX;
    return at > from && at < until && !isAll ? 'move' : 'new';
  }

  private readonly onDown = (event: PointerEvent): void => {
    const { fromUs, untilUs } = this.whole.window();
    this.drag = { kind: this.kindAt(event), startUs: this.usAt(event), fromUs, untilUs };
    this.canvas.setPointerCapture(event.pointerId);
  };

  private readonly onMove = (event: PointerEvent): void => {
    const { drag, whole } = this;
    if (drag === undefined) {
      this.canvas.style.cursor = CURSORS[this.kindAt(event)];
      return;
    }
    const us = this.usAt(event);
    const by = us - drag.startUs;
    if (by === 0) return;
    if (drag.kind === 'move') {
      whole.setWindow({ fromUs: drag.fromUs + by, untilUs: drag.untilUs + by });
      return;
    }
    const { fromUs, startUs, untilUs } = drag;
    const other = drag.kind === 'from' ? untilUs : drag.kind === 'until' ? fromUs : startUs;
    whole.setWindow({ fromUs: Math.min(us, other), untilUs: Math.max(us, other) });
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { drag, whole } = this;
    this.drag = undefined;
    const us = this.usAt(event);
    if (drag === undefined || Math.abs(us - drag.startUs) >= 1) return;
    whole.click(us, drag.kind !== 'new');
  };
}

/** How many of some places, ascending, fall on each two pixels of a strip. */
export function countsIn(sorted: Float64Array, bounds: TimeWindow, width: number): Uint32Array {
  const counts = new Uint32Array(Math.ceil(width / COLUMN_PX));
  let before = 0;
  for (let i = 0; i < counts.length; i++) {
    const next = lowerBound(sorted, toUs((i + 1) * COLUMN_PX, bounds, width));
    counts[i] = next - before;
    before = next;
  }
  return counts;
}

/** As bars; the square root lets single ones be seen beside thousands. */
export function drawCounts(
  context: CanvasRenderingContext2D,
  counts: Uint32Array,
  height: number,
  palette: Palette,
): void {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  context.fillStyle = palette.bar;
  context.globalAlpha = 0.8;
  for (const [i, count] of counts.entries()) {
    const tall = count === 0 ? 0 : Math.max(1.5, Math.sqrt(count / most) * (height - 6));
    context.fillRect(i * COLUMN_PX, height - tall, COLUMN_PX - 0.5, tall);
  }
  context.globalAlpha = 1;
}
