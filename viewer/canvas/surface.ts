import { zoomed, panned, toUs, type TimeWindow } from '../time/time-window.ts';

/** Who draws, and is told what is done to the picture. Places are in pixels of the page. */
export interface Painter {
  draw(context: CanvasRenderingContext2D, width: number, height: number): void;
  /** The pointer is here, or gone. */
  hover?(at: Place | undefined): void;
  click?(at: Place, event: MouseEvent): void;
  doubleClick?(at: Place): void;
  /** Dragged, or turned by a wheel, up or down by so many pixels. */
  scroll?(byPx: number): void;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What part of time a surface shows, and who may change it. */
export interface Timed {
  window(): TimeWindow;
  bounds(): TimeWindow;
  setWindow(window: TimeWindow): void;
}

/** A wheel's notch zooms by so much. */
const ZOOM_A_PIXEL = 0.0022;
/** A pointer that moves no further than this has clicked, in px. */
const CLICK_PX = 4;

/**
 * A canvas over a stretch of time: it follows the size of its element and the pixels of the screen,
 * draws when it is told to, at most once a frame, and makes zooming and panning of what a pointer
 * does. The wheel zooms at the pointer; with Shift, or turned sideways, it pans; a drag pans.
 */
export class Surface {
  readonly canvas: HTMLCanvasElement;
  width = 1;
  height = 1;
  private readonly context: CanvasRenderingContext2D;
  private readonly painter: Painter;
  private readonly time: Timed;
  private readonly observer: ResizeObserver;
  private frame = 0;
  private drag: { x: number; y: number; isMoved: boolean } | undefined = undefined;

  constructor(canvas: HTMLCanvasElement, painter: Painter, time: Timed) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser draws no canvas');
    this.canvas = canvas;
    this.context = context;
    this.painter = painter;
    this.time = time;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas);
    canvas.addEventListener('wheel', this.onWheel, { passive: false });
    canvas.addEventListener('pointerdown', this.onDown);
    canvas.addEventListener('pointermove', this.onMove);
    canvas.addEventListener('pointerup', this.onUp);
    canvas.addEventListener('pointercancel', this.onUp);
    canvas.addEventListener('pointerleave', this.onLeave);
    canvas.addEventListener('dblclick', this.onDouble);
    this.resize();
  }

  /** Draw with the next frame. */
  invalidate(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.drawNow());
  }

  /** The moment below a place. */
  momentAt(x: number): number {
    return toUs(x, this.time.window(), this.width);
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }

  private drawNow(): void {
    this.frame = 0;
    const scale = devicePixelRatio;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    this.painter.draw(this.context, this.width, this.height);
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.width = Math.max(1, clientWidth);
    this.height = Math.max(1, clientHeight);
    this.canvas.width = Math.round(this.width * devicePixelRatio);
    this.canvas.height = Math.round(this.height * devicePixelRatio);
    // At once: a canvas of a new size is empty.
    this.drawNow();
  }

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const window = this.time.window();
    const isSideways = event.shiftKey || Math.abs(dx) > Math.abs(dy);
    if (event.altKey) this.painter.scroll?.(dy);
    else if (isSideways) this.pan(Math.abs(dx) > Math.abs(dy) ? dx : dy);
    else {
      const factor = Math.exp(dy * ZOOM_A_PIXEL);
      const { x } = this.placeOf(event);
      this.time.setWindow(zoomed(window, factor, this.momentAt(x), this.time.bounds()));
    }
  };

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.drag = { x: event.clientX, y: event.clientY, isMoved: false };
    this.canvas.setPointerCapture(event.pointerId);
  };

  private readonly onMove = (event: PointerEvent): void => {
    const { drag } = this;
    if (drag === undefined) {
      this.painter.hover?.(this.placeOf(event));
      return;
    }
    const [dx, dy] = [drag.x - event.clientX, drag.y - event.clientY];
    if (!drag.isMoved && Math.hypot(dx, dy) < CLICK_PX) return;
    this.drag = { x: event.clientX, y: event.clientY, isMoved: true };
    this.canvas.style.cursor = 'grabbing';
    this.painter.hover?.(undefined);
    this.pan(dx);
    this.painter.scroll?.(dy);
  };

  private readonly onUp = (event: PointerEvent): void => {
    const { drag } = this;
    this.drag = undefined;
    this.canvas.style.cursor = '';
    if (drag?.isMoved === false) this.painter.click?.(this.placeOf(event), event);
  };

  private readonly onLeave = (): void => this.painter.hover?.(undefined);

  private readonly onDouble = (event: MouseEvent): void =>
    this.painter.doubleClick?.(this.placeOf(event));

  private pan(byPx: number): void {
    const window = this.time.window();
    const byUs = (byPx / this.width) * (window.untilUs - window.fromUs);
    this.time.setWindow(panned(window, byUs, this.time.bounds()));
  }

  private placeOf(event: MouseEvent): Place {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
