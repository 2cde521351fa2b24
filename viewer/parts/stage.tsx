import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../canvas/surface.ts';
import { AXIS_PX } from '../canvas/time-axis.ts';

/** Where the name of a row stands, in px from the top of all rows. */
interface PlacedRow {
  readonly key: string;
  readonly y: number;
  readonly height: number;
}

/** Names this far out of sight are there, so that scrolling shows no gaps, in px. */
const SPARE_PX = 200;

/** The words of a stage. */
interface StageLabels {
  readonly stage: string;
  /** What the strip shows, in the corner beside it. */
  readonly corner: string;
  readonly strip: string;
  readonly picture: string;
}

/** Told what the pointer is over; undefined = nothing. */
export type OnHover<H> = (hit: H | undefined, at: Place) => void;

interface StageProps<R extends PlacedRow, H> {
  readonly labels: StageLabels;
  readonly rows: readonly R[];
  /** Height of all rows, of what shows them, and how far down they are scrolled; in px. */
  readonly total: number;
  readonly viewHeight: number;
  readonly scroll: number;
  readonly scrollBy: (px: number) => void;
  readonly classOf: (row: R) => string;
  readonly nameOf: (row: R) => VNode;
  /** Lines for what the pointer is over, the first in bold. */
  readonly linesOf: (hit: H) => readonly string[];
  /** Below the picture, under the same names and over the same time: two cells a row. */
  readonly below?: ComponentChildren;
  /** Begins to draw, once. @returns ends it */
  readonly open: (
    picture: HTMLCanvasElement,
    strip: HTMLCanvasElement,
    onHover: OnHover<H>,
  ) => () => void;
}

/** The whole in a strip, names of rows, and the picture with what is said of a place in it. */
export function Stage<R extends PlacedRow, H>(props: StageProps<R, H>): VNode {
  const { labels, total, viewHeight, scroll, linesOf, open } = props;
  const picture = useRef<HTMLCanvasElement>(null);
  const strip = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<(Place & { readonly hit: H }) | undefined>(undefined);
  useEffect(
    () =>
      open(picture.current!, strip.current!, (hit, { x, y }) =>
        setHover(hit === undefined ? undefined : { hit, x, y }),
      ),
    [],
  );
  const shown = Math.min(1, viewHeight / Math.max(1, total));
  return (
    <section class="stage" aria-label={labels.stage}>
      <div class="corner dim">{labels.corner}</div>
      <canvas class="overview" ref={strip} role="img" aria-label={labels.strip} />
      <Gutter {...props} />
      <div class="canvas-box">
        <canvas class="diagram" ref={picture} tabIndex={0} role="img" aria-label={labels.picture} />
        {shown < 1 && (
          <div
            class="scroll-thumb"
            style={{
              top: `calc(${AXIS_PX}px + (100% - ${AXIS_PX}px) * ${scroll / total})`,
              height: `calc((100% - ${AXIS_PX}px) * ${shown})`,
            }}
          />
        )}
        {hover !== undefined && (
          <Tooltip at={hover} box={picture.current!} lines={linesOf(hover.hit)} />
        )}
      </div>
      {props.below}
    </section>
  );
}

interface TooltipProps {
  readonly at: Place;
  readonly box: HTMLElement;
  readonly lines: readonly string[];
}

/** On the side of the pointer where there is more room. */
function Tooltip({ at: { x, y }, box, lines: [head, ...lines] }: TooltipProps): VNode {
  const { clientWidth: width, clientHeight: height } = box;
  const side = x > width / 2 ? { right: `${width - x + 14}px` } : { left: `${x + 14}px` };
  const isBelow = y <= height * 0.65;
  const edge = isBelow ? { top: `${y + 16}px` } : { bottom: `${height - y + 10}px` };
  return (
    <div class="tooltip" style={{ ...side, ...edge }}>
      <b>{head}</b>
      {lines.map((line, i) => (
        <div key={i}>{line}</div>
      ))}
    </div>
  );
}

/** The names of the rows that are in sight: there may be as many clients as operations. */
function Gutter<R extends PlacedRow, H>(props: StageProps<R, H>): VNode {
  const { rows, viewHeight, scroll, scrollBy, classOf, nameOf } = props;
  const end = scroll + viewHeight + SPARE_PX;
  const seen = rows.filter(({ y, height }) => y + height > scroll - SPARE_PX && y < end);
  return (
    <div
      class="gutter"
      onWheel={(event) => {
        event.preventDefault();
        scrollBy(event.deltaY);
      }}
    >
      <div class="gutter-rows" style={{ transform: `translateY(${-scroll}px)` }}>
        {seen.map((row) => (
          <div
            key={row.key}
            class={`gutter-row ${classOf(row)}`}
            style={{ top: `${row.y}px`, height: `${row.height}px` }}
          >
            {nameOf(row)}
          </div>
        ))}
      </div>
    </div>
  );
}
