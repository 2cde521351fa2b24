import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { Stage, type OnHover } from '../parts/stage.tsx';
import { Graphs } from './graphs.tsx';
import { Diagram } from './diagram.ts';
import type { Hit } from './hit.ts';
import { Overview } from './overview.ts';
import { heightOf, type Row } from './rows.ts';
import { ownershipOf } from './know-rows.ts';
import { ROWS_FOLLOW, type RunApp } from './run-app.ts';
import { tooltipOf } from './words.ts';

const LABELS = {
  stage: 'Diagram',
  corner: 'whole run',
  strip: 'The whole run, and the part that is shown',
  picture: 'Space-time diagram: a lane a node, messages as lines between them',
} as const;

/** What the rows, and where they are, depend on. */
const ROWS = ['scroll', 'at', ...ROWS_FOLLOW] as const;

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
      classOf={(row) => (row.kind === 'fact' && row.isInner ? 'fact inner' : row.kind)}
      nameOf={(row) => <RowName app={app} row={row} />}
      linesOf={(hit) => tooltipOf(app.model, hit)}
      below={<Graphs app={app} />}
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
      return <SectionName app={app} row={row} />;
    case 'lane':
      return <LaneName app={app} id={app.model.lanes[row.lane]!.id} />;
    case 'fact':
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

interface SectionProps {
  readonly app: RunApp;
  readonly row: Extract<Row, { kind: 'section' }>;
}

function SectionName({ app, row }: SectionProps): VNode {
  return (
    <>
      <button
        type="button"
        class="fold"
        aria-expanded={!row.isFolded}
        onClick={() => app.toggle('folded', row.key)}
      >
        <span class="arrow" aria-hidden="true">
          {row.isFolded ? '▸' : '▾'}
        </span>{' '}
        {row.title} <span class="dim">{row.note}</span>
      </button>
      {!row.isFolded && <SectionChoice app={app} section={row.key} />}
    </>
  );
}

/** What else a section can show. */
function SectionChoice({
  app,
  section,
}: {
  readonly app: RunApp;
  readonly section: string;
}): VNode | null {
  const { known, isByOwner } = app.state;
  const { knowledge, lanes } = app.model;
  if (section === 'spans' && ownershipOf(app.model) !== undefined) {
    return (
      <button
        type="button"
        class="row-choice"
        aria-pressed={isByOwner}
        onClick={() => app.store.set({ isByOwner: !isByOwner })}
      >
        by owner
      </button>
    );
  }
  if (section !== 'nodes' || !lanes.some(({ id }) => knowledge.hasMore(id))) return null;
  return (
    <button
      type="button"
      class="row-choice"
      title="What nodes know, over time (l)"
      aria-pressed={known.size > 0}
      onClick={() => app.toggleKnown()}
    >
      states
    </button>
  );
}

/** Opens what the node knows, if it shows more than its strip does. */
function LaneName({ app, id }: { readonly app: RunApp; readonly id: string }): VNode {
  const { histories, knowledge } = app.model;
  const status = histories.get(id)?.statusAfter(app.state.at);
  const isAway = status !== undefined && status.status !== 'up';
  const away = isAway && <span class="bad"> {status.status === 'down' ? '✕' : '‖'}</span>;
  if (!knowledge.hasMore(id)) {
    return (
      <span class="node-name" title={id}>
        {id}
        {away}
      </span>
    );
  }
  const isKnown = app.state.known.has(id);
  return (
    <button
      type="button"
      class="fold node-name"
      title={`What ${id} knows, over time`}
      aria-expanded={isKnown}
      onClick={() => app.toggle('known', id)}
    >
      <span class="arrow" aria-hidden="true">
        {isKnown ? '▾' : '▸'}
      </span>{' '}
      {id}
      {away}
    </button>
  );
}
