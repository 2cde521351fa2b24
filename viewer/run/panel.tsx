import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { Tabs } from '../parts/tabs.tsx';
import { EventPanel } from './event-panel.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { RunPanel } from './run-panel.tsx';
import type { RunApp } from './run-app.ts';
import { tabs } from './run-state.ts';
import { StatePanel } from './state-panel.tsx';
import { StoryPanel } from './story-panel.tsx';

/** What is beside the diagram: one of several tabs. */
export function Panel({ app }: { readonly app: RunApp }): VNode {
  const { tab } = useStore(app.store, 'tab');
  return (
    <Tabs
      label="Details"
      names={tabs}
      current={tab}
      choose={(name) => app.store.set({ tab: name })}
    >
      {tab === 'Story' && <StoryPanel app={app} />}
      {tab === 'Event' && <EventPanel app={app} />}
      {tab === 'State' && <StatePanel app={app} />}
      {tab === 'Operations' && <OperationsPanel app={app} />}
      {tab === 'Run' && <RunPanel app={app} />}
    </Tabs>
  );
}
