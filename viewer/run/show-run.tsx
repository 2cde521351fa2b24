import { render, type VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageFile } from '../../scenarios/report/page/page-file.ts';
import { RunData } from '../model/run-data.ts';
import { runModel } from '../model/run-model.ts';
import { useStore } from '../parts/hooks.ts';
import { Filter, Help } from './dialogs.tsx';
import { Header, Transport } from './header.tsx';
import { listenToBindings } from '../parts/key-bindings.ts';
import { KEYS } from './keys.ts';
import { Panel } from './panel.tsx';
import { RunApp } from './run-app.ts';
import { RunStage } from './run-stage.tsx';

/** @throws PageError if the page is damaged */
export function showRun(root: Element, file: PageFile): void {
  const app = new RunApp(runModel(new RunData(file)));
  root.replaceChildren();
  render(<RunPage app={app} />, root);
}

function RunPage({ app }: { readonly app: RunApp }): VNode {
  useEffect(() => listenToBindings(app, KEYS, () => app.state.open === 'help'), [app]);
  const { open } = useStore(app.store, 'open');
  return (
    <main class="run-page">
      <Header app={app} />
      <RunStage app={app} />
      <Panel app={app} />
      <Transport app={app} />
      {open === 'filter' && <Filter app={app} />}
      {open === 'help' && <Help app={app} />}
    </main>
  );
}
