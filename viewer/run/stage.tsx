import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../parts/hooks.ts';
import { Diagram } from './diagram.ts';
import type { Hit } from './hit.ts';
import { Overview } from './overview.ts';
import { AXIS_PX } from './picture.ts';
import { heightOf, type Row } from './rows.ts';
import type { RunApp } from './run-app.ts';
import { tooltipOf } from './words.ts';

interface Hover {
  readonly hit: Hit;
  readonly x: number;
  readonly y: number;
}

/** Overview, names of rows, and the diagram. */
export function Stage({ app }: { readonly app: RunApp }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const strip = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  useEffect(() => {
    const diagram = new Diagram(canvas.current!, app, (hit, { x, y }) =>
      setHover(hit === undefined ? undefined : { hit, x, y }),
    );
    const overview = new Overview(strip.current!, app);
    return () => {
      diagram.close();
      overview.close();
    };
  }, [app]);
  const { scroll, viewHeight } = useStore(
    app.store,
    'scroll',
    'viewHeight',
    'folded',
    'hiddenNodes',
    'at',
  );
  const { rows } = app;
  const total = Math.max(1, heightOf(rows));
  const shown = Math.min(1, viewHeight / total);
  return (
    <section class="stage" aria-label="Diagram">
      <div class="corner dim">whole run</div>
      <canvas class="overview" ref={strip} aria-label="The whole run, and the part that is shown" />
      <Gutter app={app} rows={rows} scroll={scroll} />
      <div class="canvas-box">
        <canvas
          class="diagram"
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label="Space-time diagram: a lane a node, messages as lines between them"
        />
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
          <Tooltip app={app} hover={hover} width={canvas.current!.clientWidth} />
        )}
      </div>
    </section>
  );
}

interface TooltipProps {
  readonly app: RunApp;
  readonly hover: Hover;
  readonly width: number;
}

function Tooltip({ app, hover: { hit, x, y }, width }: TooltipProps): VNode {
  const isRight = x > width / 2;
  const side = isRight ? { right: `${width - x + 14}px` } : { left: `${x + 14}px` };
  const [head, ...lines] = tooltipOf(app.model, hit);
  return (
    <div class="tooltip" style={{ top: `${y + 14}px`, ...side }}>
      <b>{head}</b>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

interface GutterProps {
  readonly app: RunApp;
  readonly rows: readonly Row[];
  readonly scroll: number;
}

function Gutter({ app, rows, scroll }: GutterProps): VNode {
  return (
    <div
      class="gutter"
      onWheel={(event) => {
        event.preventDefault();
        app.scrollBy(event.deltaY);
      }}
    >
      <div class="gutter-rows" style={{ transform: `translateY(${-scroll}px)` }}>
        {rows.map((row) => (
          <div
            key={row.key}
            class={`gutter-row ${row.kind}`}
            style={{ top: `${row.y}px`, height: `${row.height}px` }}
          >
            <RowName app={app} row={row} />
          </div>
        ))}
      </div>
    </div>
  );
}

function RowName({ app, row }: { readonly app: RunApp; readonly row: Row }): VNode {
  switch (row.kind) {
    case 'section':
      return (
        <button
          type="button"
          class="fold"
          aria-expanded={!row.isFolded}
          onClick={() => app.toggle('folded', row.key)}
        >
          <span class="arrow">{row.isFolded ? '▸' : '▾'}</span> {row.title}{' '}
          <span class="dim">{row.note}</span>
        </button>
      );
    case 'lane': {
      const { id } = app.model.lanes[row.lane]!;
      const status = app.model.histories.get(id)?.statusAfter(app.state.at);
      const isAway = status !== undefined && status.status !== 'up';
      return (
        <span class="node-name" title={id}>
          {id}
          {isAway && <span class="bad"> {status.status === 'down' ? '✕' : '‖'}</span>}
        </span>
      );
    }
    case 'operations':
    case 'spans':
      return (
        <span class="row-name" title={row.title}>
          {row.title}
        </span>
      );
    case 'faults':
      return <span />;
  }
}
