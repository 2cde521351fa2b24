import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { PlayButton } from '../parts/play-button.tsx';
import { Speed } from '../parts/speed.tsx';
import type { HistoryApp } from './history-app.ts';
import { stateAt, stateText } from './history-words.ts';

interface Props {
  readonly app: HistoryApp;
}

/** Steps through the linearization, the state, and how the picture is looked at. */
export function HistoryTransport({ app }: Props): VNode {
  const { step, isPlaying, speed } = useStore(
    app.store,
    'step',
    'part',
    'order',
    'axis',
    'isPlaying',
    'speed',
  );
  const { data, shown } = app;
  const last = shown?.order.operations.length ?? 0;
  const state = stateText(stateAt(app, step));
  return (
    <footer class="bar transport">
      <StepButtons app={app} last={last} isPlaying={isPlaying} />
      <Speed text={`${speed} /s`} change={(by) => app.changeSpeed(by)} />
      <span class="where" role="status">
        {shown === undefined ? (
          <span class="dim">no linearization to step through</span>
        ) : (
          <>
            <b>
              step {step} of {last}
            </b>{' '}
            <span class="dim">state</span>
          </>
        )}
      </span>
      {shown !== undefined && (
        <span class="state-now" title={state}>
          {state}
        </span>
      )}
      <span class="spring" />
      {data.violations.length > 0 && (
        <button
          type="button"
          class="bad"
          title="To the next violation (v)"
          onClick={() => app.nextViolation()}
        >
          ✗ {data.violations.length === 1 ? 'Violation' : `${data.violations.length} violations`}
        </button>
      )}
      <AxisButtons app={app} />
      <ZoomButtons app={app} />
    </footer>
  );
}

interface StepProps extends Props {
  readonly last: number;
  readonly isPlaying: boolean;
}

function StepButtons({ app, last, isPlaying }: StepProps): VNode {
  const { step } = app.state;
  return (
    <div class="buttons" role="toolbar" aria-label="Steps">
      <button type="button" title="Before the first (Home)" onClick={() => app.goTo(0)}>
        |◂
      </button>
      <button
        type="button"
        title="Step back (p)"
        disabled={step === 0}
        onClick={() => app.stepBy(-1)}
      >
        ◂ Back
      </button>
      <PlayButton isPlaying={isPlaying} toggle={() => app.play()} />
      <button
        type="button"
        title="Next step (n)"
        disabled={step === last}
        onClick={() => app.stepBy(1)}
      >
        Next ▸
      </button>
      <button type="button" title="After the last (End)" onClick={() => app.goTo(last)}>
        ▸|
      </button>
    </div>
  );
}

function AxisButtons({ app }: Props): VNode {
  const { axis } = app.state;
  return (
    <div class="buttons" role="group" aria-label="Axis">
      <button
        type="button"
        aria-pressed={axis === 'time'}
        title="Time, to scale (t)"
        onClick={() => app.setAxis('time')}
      >
        Time
      </button>
      <button
        type="button"
        aria-pressed={axis === 'rank'}
        title="Calls and returns at equal distances (t)"
        onClick={() => app.setAxis('rank')}
      >
        Rank
      </button>
    </div>
  );
}

function ZoomButtons({ app }: Props): VNode {
  return (
    <div class="buttons" role="group" aria-label="Zoom">
      <button type="button" title="Zoom out (−)" aria-label="Zoom out" onClick={() => app.zoom(2)}>
        −
      </button>
      <button type="button" title="Zoom in (+)" aria-label="Zoom in" onClick={() => app.zoom(0.5)}>
        +
      </button>
      <button type="button" title="Everything (0)" onClick={() => app.showAll()}>
        All
      </button>
    </div>
  );
}
