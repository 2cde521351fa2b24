import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../parts/hooks.ts';
import type { HistoryApp } from './history-app.ts';
import type { HistoryHit } from './history-hit.ts';
import { totalHeight, type HistoryRow } from './history-rows.ts';
import { hoverWords, keyText } from './history-words.ts';
import { HEAD_PX } from './scene.ts';
import { Strip } from './strip.ts';
import { Timeline } from './timeline.ts';

interface Hover {
  readonly hit: HistoryHit;
  readonly x: number;
  readonly y: number;
}

/** What the rows, and where they are, depend on. */
const ROWS = ['scroll', 'isOnly', 'part', 'viewHeight', 'axis'] as const;

/** The whole in a strip, names of rows, and the picture. */
export function HistoryStage({ app }: { readonly app: HistoryApp }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const strip = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  // Before the picture tells it the height of its rows.
  const { scroll, isOnly, part, viewHeight } = useStore(app.store, ...ROWS);
  useEffect(() => {
    const timeline = new Timeline(canvas.current!, app, (hit, { x, y }) =>
      setHover(hit === undefined ? undefined : { hit, x, y }),
    );
    const whole = new Strip(strip.current!, app);
    return () => {
      timeline.close();
      whole.close();
    };
  }, [app]);
  const { rows } = app;
  const total = totalHeight(rows);
  const thumb = Math.min(1, viewHeight / Math.max(1, total));
  const what = isOnly ? `key ${keyText(app.data.keys[part])}` : 'all operations';
  return (
    <section class="stage" aria-label="Picture">
      <div class="corner dim" title={what}>
        whole history
      </div>
      <canvas
        class="overview"
        ref={strip}
        role="img"
        aria-label="The whole history, and the part of it that is shown"
      />
      <Names app={app} rows={rows} scroll={scroll} />
      <div class="canvas-box">
        <canvas
          class="diagram"
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label="A row a client, a bar an operation, and where each takes effect"
        />
        {thumb < 1 && (
          <div
            class="scroll-thumb"
            style={{
              top: `calc(${HEAD_PX}px + ${(scroll / total) * 100}%)`,
              height: `calc(${thumb * 100}% - ${HEAD_PX}px)`,
            }}
          />
        )}
        {hover !== undefined && <Tooltip app={app} hover={hover} box={canvas.current!} />}
      </div>
    </section>
  );
}

interface TooltipProps {
  readonly app: HistoryApp;
  readonly hover: Hover;
  readonly box: HTMLElement;
}

function Tooltip({ app, hover: { hit, x, y }, box }: TooltipProps): VNode {
  const { clientWidth: width, clientHeight: height } = box;
  const side = x > width / 2 ? { right: `${width - x + 14}px` } : { left: `${x + 14}px` };
  const above = y > height * 0.65;
  const edge = above ? { bottom: `${height - y + 10}px` } : { top: `${y + 16}px` };
  const [head, ...lines] = hoverWords(app, hit);
  return (
    <div class="tooltip" style={{ ...side, ...edge }}>
      <b>{head}</b>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

interface NamesProps {
  readonly app: HistoryApp;
  readonly rows: readonly HistoryRow[];
  readonly scroll: number;
}

/** The names of the rows that are in sight: there may be as many clients as operations. */
function Names({ app, rows, scroll }: NamesProps): VNode {
  const end = scroll + app.state.viewHeight + 200;
  const seen = rows.filter(({ y, height }) => y + height > scroll - 200 && y < end);
  return (
    <div
      class="gutter"
      onWheel={(event) => {
        event.preventDefault();
        app.scrollBy(event.deltaY);
      }}
    >
      <div class="gutter-rows" style={{ transform: `translateY(${-scroll}px)` }}>
        {seen.map((row) => (
          <div
            key={row.key}
            class={`gutter-row lane${row.isTag ? ' tag-row' : ''}`}
            style={{ top: `${row.y}px`, height: `${row.height}px` }}
          >
            <span class={row.isTag ? 'row-name' : 'node-name'} title={row.title}>
              {row.isTag && <span class="odd">⚑ </span>}
              {row.title === '' ? '(no name)' : row.title}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
