import UPlot from 'uplot';
import { Palette } from '../canvas/palette.ts';
import { stepsOf, type Graph, type GraphLine } from '../model/graphs.ts';
import { onTheme } from '../parts/theme.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { RunApp } from './run-app.ts';

/** Height of one graph, in px. */
export const GRAPH_PX = 56;
/** Room above the most, as a factor. */
const ROOM = 1.08;
/** Room below the least of what is measured, as a factor. */
const BELOW = 2.5;

/** The graphs of a run, one below the other, over the time of the diagram. */
export class GraphPlots {
  private readonly box: HTMLElement;
  private readonly app: RunApp;
  private plots: readonly UPlot[] = [];
  private palette = new Palette();
  private frame = 0;
  /** The window whose numbers the plots have. */
  private filledFor: TimeWindow | undefined = undefined;
  private readonly ends: (() => void)[];

  constructor(box: HTMLElement, app: RunApp) {
    this.box = box;
    this.app = app;
    const observer = new ResizeObserver(() => this.rebuild());
    observer.observe(box);
    box.addEventListener('wheel', this.onWheel, { passive: false });
    box.addEventListener('pointermove', this.onMove);
    box.addEventListener('pointerleave', this.onLeave);
    box.addEventListener('click', this.onClick);
    this.ends = [
      () => observer.disconnect(),
      onTheme(() => this.rebuild()),
      app.store.listen(() => this.invalidate()),
    ];
  }

  close(): void {
    for (const end of this.ends) end();
    cancelAnimationFrame(this.frame);
    for (const plot of this.plots) plot.destroy();
  }

  private invalidate(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.fill();
    });
  }

  private rebuild(): void {
    for (const plot of this.plots) plot.destroy();
    this.palette = new Palette();
    this.filledFor = undefined;
    const width = Math.max(1, this.box.clientWidth);
    this.plots = this.app.model.graphs.map((graph) => this.plotOf(graph, width));
    this.fill();
  }

  private plotOf(graph: Graph, width: number): UPlot {
    const { app, palette } = this;
    const windowNow = (): [number, number] => {
      const { fromUs, untilUs } = app.state.window;
      return [fromUs, untilUs];
    };
    const isMeasured = graph.unit === 'ms';
    const options: UPlot.Options = {
      width,
      height: GRAPH_PX,
      padding: [4, 0, 0, 0],
      legend: { show: false },
      // Its own line would be where the pointer is; ours is where it is in the diagram, too.
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, auto: false, range: windowNow },
        y: scaleOf(isMeasured),
      },
      series: [{}, ...graph.lines.map((line) => seriesOf(line, palette, isMeasured))],
      hooks: { draw: [(plot) => this.drawOver(plot, isMeasured)] },
    };
    return new UPlot(options, [[], ...graph.lines.map(() => [])], this.box);
  }

  private fill(): void {
    const { window } = this.app.state;
    if (this.filledFor === window) {
      for (const plot of this.plots) plot.redraw(false);
      return;
    }
    this.filledFor = window;
    const { fromUs, stepUs } = stepsOf(window, this.box.clientWidth);
    for (const [i, plot] of this.plots.entries()) {
      const { lines } = this.app.model.graphs[i]!;
      const values = lines.map((line) => fromUs.map((from) => line.in(from, from + stepUs)));
      plot.setData([[...fromUs], ...values]);
    }
  }

  /** The most that is seen, the cursor and the pointer. */
  private drawOver({ ctx, bbox, scales, valToPos }: UPlot, isMeasured: boolean): void {
    const { palette } = this;
    const { cursorUs, pointerUs } = this.app.state;
    const scale = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height);
    ctx.clip();
    ctx.fillStyle = palette.dim;
    ctx.font = `${10 * scale}px ${palette.sans}`;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';
    ctx.fillText(rangeText(isMeasured, scales['y']), 4 * scale, 4 * scale);
    const line = (us: number, width: number): void =>
      ctx.fillRect(valToPos(us, 'x', true) - (width * scale) / 2, 0, width * scale, 9999);
    if (!Number.isNaN(pointerUs)) line(pointerUs, 1);
    ctx.fillStyle = palette.select;
    line(cursorUs, 1.5);
    ctx.restore();
  }

  private usAt({ clientX }: MouseEvent): number {
    const { left, width } = this.box.getBoundingClientRect();
    const { fromUs, untilUs } = this.app.state.window;
    return fromUs + ((clientX - left) / width) * (untilUs - fromUs);
  }

  private readonly onMove = (event: PointerEvent): void =>
    this.app.store.set({ pointerUs: this.usAt(event) });

  private readonly onLeave = (): void => this.app.store.set({ pointerUs: NaN });

  private readonly onClick = (event: MouseEvent): void => this.app.moveCursor(this.usAt(event));

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const by = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
    if (isSideways) this.app.pan(by / this.box.clientWidth);
    else this.app.zoom(Math.exp(by * 0.0022), this.usAt(event));
  };
}

/** The most that is seen, and of lengths of time also the least. */
function rangeText(isMeasured: boolean, { min = 0, max = 0 }: UPlot.Scale = {}): string {
  const short = (value: number): string =>
    value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
  return isMeasured ? `${short(min * BELOW)} to ${short(max / 1.6)}` : short(max / ROOM);
}

/** Counts are steps, as they hold for a stretch of time; what is measured is a dot a step. */
function seriesOf(
  { hue, isDashed }: GraphLine,
  palette: Palette,
  isMeasured: boolean,
): UPlot.Series {
  const stroke = palette.hues[hue] as string;
  if (isMeasured) {
    const fill = isDashed ? palette.card : stroke;
    return { stroke, paths: () => null, points: { show: true, size: 5, width: 1.25, fill } };
  }
  const stepped = UPlot.paths.stepped?.({ align: 1 });
  return {
    stroke,
    width: 1.5,
    points: { show: false },
    ...(stepped === undefined ? {} : { paths: stepped }),
    ...(isDashed ? { dash: [4, 3] } : { fill: `color-mix(in srgb, ${stroke} 22%, transparent)` }),
  };
}

/** Counts from 0; lengths of time, of which some are a thousand times as long, by tens. */
function scaleOf(isMeasured: boolean): UPlot.Scale {
  if (!isMeasured) return { range: (_plot, _least, most) => [0, Math.max(1, most) * ROOM] };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- it has only types
    distr: 3,
    range: (_plot, least, most) => {
      const low = Math.max(0.01, least ?? 0.1);
      return [low / BELOW, Math.max(low * 10, most ?? 1) * 1.6];
    },
  };
}
