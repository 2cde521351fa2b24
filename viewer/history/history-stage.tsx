import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { Stage, type OnHover } from '../parts/stage.tsx';
import type { HistoryApp } from './history-app.ts';
import type { HistoryHit } from './history-hit.ts';
import { totalHeight, type HistoryRow } from './history-rows.ts';
import { hoverWords } from './history-words.ts';
import { Strip } from './strip.ts';
import { Timeline } from './timeline.ts';

const LABELS = {
  stage: 'Picture',
  corner: 'whole history',
  strip: 'The whole history, and the part of it that is shown',
  picture: 'A row a client, a bar an operation, and where each takes effect',
} as const;

/** What the rows, and where they are, depend on. */
const ROWS = ['scroll', 'isOnly', 'part', 'viewHeight', 'axis'] as const;

/** The whole in a strip, names of rows, and the picture. */
export function HistoryStage({ app }: { readonly app: HistoryApp }): VNode {
  const { scroll, viewHeight } = useStore(app.store, ...ROWS);
  const { rows } = app;
  return (
    <Stage<HistoryRow, HistoryHit>
      labels={LABELS}
      rows={rows}
      total={totalHeight(rows)}
      viewHeight={viewHeight}
      scroll={scroll}
      scrollBy={(px) => app.scrollBy(px)}
      classOf={({ isTag }) => (isTag ? 'lane tag-row' : 'lane')}
      nameOf={(row) => <RowName row={row} />}
      linesOf={(hit) => hoverWords(app, hit)}
      open={(...canvases) => opened(app, ...canvases)}
    />
  );
}

function opened(
  app: HistoryApp,
  picture: HTMLCanvasElement,
  strip: HTMLCanvasElement,
  onHover: OnHover<HistoryHit>,
): () => void {
  const timeline = new Timeline(picture, app, onHover);
  const whole = new Strip(strip, app);
  return () => {
    timeline.close();
    whole.close();
  };
}

function RowName({ row: { isTag, title } }: { readonly row: HistoryRow }): VNode {
  return (
    <span class={isTag ? 'row-name' : 'node-name'} title={title}>
      {isTag && <span class="odd">⚑ </span>}
      {title === '' ? '(no name)' : title}
    </span>
  );
}
