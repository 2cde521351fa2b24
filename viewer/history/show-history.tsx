import { render, type VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageFile } from '../../scenarios/report/page/page-file.ts';
import { useStore } from '../parts/hooks.ts';
import { HistoryApp } from './history-app.ts';
import { HistoryData } from './history-data.ts';
import { HistoryHeader } from './history-header.tsx';
import { HistoryHelp } from './history-help.tsx';
import { listenToBindings } from '../parts/key-bindings.ts';
import { HISTORY_KEYS } from './history-keys.ts';
import { HistoryPanel } from './history-panel.tsx';
import { HistoryStage } from './history-stage.tsx';
import { HistoryTransport } from './history-transport.tsx';

/** @throws PageError if the page is damaged */
export function showHistory(root: Element, file: PageFile): void {
  const app = new HistoryApp(new HistoryData(file));
  root.replaceChildren();
  render(<HistoryPage app={app} />, root);
}

function HistoryPage({ app }: { readonly app: HistoryApp }): VNode {
  useEffect(() => listenToBindings(app, HISTORY_KEYS, () => app.state.open === 'help'), [app]);
  const { open } = useStore(app.store, 'open');
  return (
    <main class="run-page history-page">
      <HistoryHeader app={app} />
      <HistoryStage app={app} />
      <HistoryPanel app={app} />
      <HistoryTransport app={app} />
      {open === 'help' && <HistoryHelp app={app} />}
    </main>
  );
}
