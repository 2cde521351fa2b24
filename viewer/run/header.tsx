import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { PlayButton } from '../parts/play-button.tsx';
import { Search } from '../parts/search.tsx';
import { Speed } from '../parts/speed.tsx';
import { ThemeButton } from '../parts/theme-button.tsx';
import { Verdict } from '../parts/verdict.tsx';
import { momentText } from '../time/ticks.ts';
import type { RunApp } from './run-app.ts';
import { jumpToViolation } from './violation.ts';

export function Header({ app }: { readonly app: RunApp }): VNode {
  const { result } = app.model.data.about;
  const { scenario, seed, verdict, check, reason } = result;
  const state = useStore(app.store, 'open', 'hasGraphs');
  return (
    <header class="bar">
      <h1>
        <Verdict verdict={verdict} /> <span class="scenario">{scenario}</span>{' '}
        <span class="dim">seed {seed}</span>
      </h1>
      <p class="reason" title={reason ?? ''}>
        {reason !== undefined && (
          <button type="button" class="link" onClick={() => jumpToViolation(app)}>
            <b>{check}</b> {reason}
          </button>
        )}
      </p>
      <Search
        app={app}
        placeholder="Search events  /"
        label="Search events: a word of what they say or hold, or a number"
      />
      <button
        type="button"
        title={word('Messages and operations in numbers', 'g')}
        aria-pressed={state.hasGraphs}
        onClick={() => app.store.set({ hasGraphs: !state.hasGraphs })}
      >
        Graphs
      </button>
      <button
        type="button"
        aria-expanded={state.open === 'filter'}
        onClick={() => app.store.set({ open: state.open === 'filter' ? 'none' : 'filter' })}
      >
        Show
      </button>
      <ThemeButton />
      <button
        type="button"
        aria-label="Keys and help"
        onClick={() => app.store.set({ open: 'help' })}
      >
        ?
      </button>
    </header>
  );
}

interface StepsProps {
  readonly app: RunApp;
  readonly isPlaying: boolean;
}

function Steps({ app, isPlaying }: StepsProps): VNode {
  return (
    <div class="buttons" role="toolbar" aria-label="Steps">
      <button type="button" title={word('Story back', 'p')} onClick={() => app.stepStory(-1)}>
        |◂
      </button>
      <button type="button" title={word('Event back', '←')} onClick={() => app.step(-1)}>
        ◂
      </button>
      <PlayButton isPlaying={isPlaying} toggle={() => app.play()} />
      <button type="button" title={word('Event on', '→')} onClick={() => app.step(1)}>
        ▸
      </button>
      <button type="button" title={word('Story on', 'n')} onClick={() => app.stepStory(1)}>
        ▸|
      </button>
    </div>
  );
}

const word = (text: string, key: string): string => `${text} (${key})`;

/** Steps, speed, and where one is. */
export function Transport({ app }: { readonly app: RunApp }): VNode {
  const { isPlaying, speed, cursorUs, at, hasCone, selected } = useStore(
    app.store,
    'isPlaying',
    'speed',
    'cursorUs',
    'at',
    'hasCone',
    'selected',
  );
  const { data } = app.model;
  const event = data.event[at] ?? 0;
  const counts = app.coneCounts();
  return (
    <footer class="bar transport">
      <Steps app={app} isPlaying={isPlaying} />
      <Speed text={speedText(speed)} change={(by) => app.changeSpeed(by)} />
      <span class="where">
        <b>{momentText(Math.round(cursorUs))}</b>{' '}
        <span class="dim">
          event {event} of {data.about.result.events}
        </span>
      </span>
      <span class="spring" />
      {counts !== undefined && (
        <span class="dim">
          {counts.past} events before it, {counts.future} after it; the rest could not tell
        </span>
      )}
      <button
        type="button"
        aria-pressed={hasCone}
        disabled={selected < 0}
        title={word('Past and future of the selected event', 'c')}
        onClick={() => app.store.set({ hasCone: !hasCone })}
      >
        Past and future
      </button>
      <button
        type="button"
        title={word('Zoom out', '−')}
        aria-label="Zoom out"
        onClick={() => app.zoom(2)}
      >
        −
      </button>
      <button
        type="button"
        title={word('Zoom in', '+')}
        aria-label="Zoom in"
        onClick={() => app.zoom(0.5)}
      >
        +
      </button>
      <button type="button" title={word('The whole run', '0')} onClick={() => app.showAll()}>
        All
      </button>
    </footer>
  );
}

function speedText(usASecond: number): string {
  return usASecond >= 1_000_000 ? `${usASecond / 1_000_000} s/s` : `${usASecond / 1000} ms/s`;
}
