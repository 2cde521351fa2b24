import { MOVING, SEARCHING, type Binding } from '../parts/key-bindings.ts';
import { tabs } from './run-state.ts';
import { jumpToViolation } from './violation.ts';
import type { RunApp } from './run-app.ts';

/** What the keys do; the help lists them as they stand here. */
export const KEYS: readonly Binding<RunApp>[] = [
  {
    keys: ['→', '←'],
    does: 'next event, previous event',
    run: (app, key) => app.step(key === '→' ? 1 : -1),
  },
  {
    keys: ['n', 'p'],
    does: 'next line of the story, previous',
    run: (app, key) => app.stepStory(key === 'n' ? 1 : -1),
  },
  { keys: ['space'], does: 'play, pause', run: (app) => app.play() },
  {
    keys: ['.', ','],
    does: 'faster, slower',
    run: (app, key) => app.changeSpeed(key === '.' ? 1 : -1),
  },
  ...MOVING,
  { keys: ['0'], does: 'the whole run', run: (app) => app.showAll() },
  { keys: ['z'], does: 'zoom to the selection', run: zoomToSelection },
  { keys: ['u'], does: 'to the cause of the selected event', run: toCause },
  { keys: ['e'], does: 'to its first effect', run: toEffect },
  { keys: ['c'], does: 'past and future of the selected event', run: toggleCone },
  { keys: ['v'], does: 'to the violation', run: (app) => jumpToViolation(app) },
  SEARCHING,
  {
    keys: ['1', '2', '3', '4', '5'],
    does: 'story, event, state, operations, run',
    run: (app, key) => app.store.set({ tab: tabs[Number(key) - 1] ?? 'Story' }),
  },
  {
    keys: ['f'],
    does: 'what is shown',
    run: (app) => app.store.set({ open: app.state.open === 'filter' ? 'none' : 'filter' }),
  },
  { keys: ['l'], does: 'what nodes know, over time', run: (app) => app.toggleKnown() },
  {
    keys: ['g'],
    does: 'graphs of messages and operations',
    run: (app) => app.store.set({ hasGraphs: !app.state.hasGraphs }),
  },
  { keys: ['?'], does: 'this help', run: (app) => app.store.set({ open: 'help' }) },
  { keys: ['Esc'], does: 'close, or select nothing', run: escape },
];

function escape(app: RunApp): void {
  if (app.state.open !== 'none') app.store.set({ open: 'none' });
  else app.clearSelection();
}

function zoomToSelection(app: RunApp): void {
  const { selected, operation, window } = app.state;
  const chosen = app.model.operations.get(operation);
  if (chosen !== undefined) {
    const { fromUs, untilUs } = chosen;
    return app.showAround((fromUs + untilUs) / 2, Math.max(10, (untilUs - fromUs) * 1.6));
  }
  const us = selected < 0 ? app.state.cursorUs : (app.model.data.timeUs[selected] as number);
  app.showAround(us, Math.max(10, (window.untilUs - window.fromUs) / 10));
}

function toCause(app: RunApp): void {
  const { causality, data } = app.model;
  if (app.state.selected < 0) return;
  const cause = causality.causeOf(data.event[app.state.selected] as number);
  if (cause !== undefined && cause > 0) app.select(causality.recordOf[cause] ?? -1, 'Event');
}

function toEffect(app: RunApp): void {
  const { causality, data } = app.model;
  if (app.state.selected < 0) return;
  const [effect] = causality.effectsOf(data.event[app.state.selected] as number);
  if (effect !== undefined) app.select(causality.recordOf[effect] ?? -1, 'Event');
}

function toggleCone(app: RunApp): void {
  if (app.state.selected >= 0) app.store.set({ hasCone: !app.state.hasCone });
}
