import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { Stage, type OnHover } from '../parts/stage.tsx';
import { Diagram } from './diagram.ts';
import type { Hit } from './hit.ts';
import { Overview } from './overview.ts';
import { heightOf, type Row } from './rows.ts';
import type { RunApp } from './run-app.ts';
import { tooltipOf } from './words.ts';

const LABELS = {
  stage: 'Diagram',
  corner: 'whole run',
  strip: 'The whole run, and the part that is shown',
  picture: 'Space-time diagram: a lane a node, messages as lines between them',
} as const;

/** What the rows, and where they are, depend on. */
const ROWS = ['scroll', 'viewHeight', 'folded', 'hiddenNodes', 'at'] as const;

/** Overview, names of rows, and the diagram. */
export function RunStage({ app }: { readonly app: RunApp }): VNode {
  const { scroll, viewHeight } = useStore(app.store, ...ROWS);
  const { rows } = app;
  return (
    <Stage<Row, Hit>
      labels={LABELS}
      rows={rows}
      total={heightOf(rows)}
      viewHeight={viewHeight}
      scroll={scroll}
      scrollBy={(px) => app.scrollBy(px)}
      classOf={({ kind }) => kind}
      nameOf={(row) => <RowName app={app} row={row} />}
      linesOf={(hit) => tooltipOf(app.model, hit)}
      open={(...canvases) => opened(app, ...canvases)}
    />
  );
}

function opened(
  app: RunApp,
  picture: HTMLCanvasElement,
  strip: HTMLCanvasElement,
  onHover: OnHover<Hit>,
): () => void {
  const diagram = new Diagram(picture, app, onHover);
  const overview = new Overview(strip, app);
  return () => {
    diagram.close();
    overview.close();
  };
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
