import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { Tabs } from '../parts/tabs.tsx';
import { AboutPanel } from './about-panel.tsx';
import type { HistoryApp } from './history-app.ts';
import { historyTabs } from './history-state.ts';
import { KeysPanel } from './keys-panel.tsx';
import { StepsPanel } from './steps-panel.tsx';

/** What is beside the picture. */
export function HistoryPanel({ app }: { readonly app: HistoryApp }): VNode {
  const { tab } = useStore(app.store, 'tab');
  return (
    <Tabs
      label="Details"
      names={historyTabs}
      current={tab}
      choose={(name) => app.store.set({ tab: name })}
    >
      {tab === 'Steps' && <StepsPanel app={app} />}
      {tab === 'Keys' && <KeysPanel app={app} />}
      {tab === 'About' && <AboutPanel app={app} />}
    </Tabs>
  );
}
