import { tabs } from './run-state.ts';
import { jumpToViolation } from './violation.ts';
import type { RunApp } from './run-app.ts';

interface Binding {
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (app: RunApp, key: string) => void;
}

/** What the keys do; the help lists them as they stand here. */
export const KEYS: readonly Binding[] = [
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
  {
    keys: ['+', '-'],
    does: 'zoom in, zoom out',
    run: (app, key) => app.zoom(key === '+' ? 0.5 : 2),
  },
  {
    keys: ['w', 's'],
    does: 'zoom in, zoom out',
    run: (app, key) => app.zoom(key === 'w' ? 0.7 : 1.4),
  },
  {
    keys: ['a', 'd'],
    does: 'pan to earlier, later',
    run: (app, key) => app.pan(key === 'a' ? -0.2 : 0.2),
  },
  {
    keys: ['↑', '↓'],
    does: 'scroll the rows',
    run: (app, key) => app.scrollBy(key === '↑' ? -60 : 60),
  },
  { keys: ['0'], does: 'the whole run', run: (app) => app.showAll() },
  { keys: ['z'], does: 'zoom to the selection', run: zoomToSelection },
  { keys: ['u'], does: 'to the cause of the selected event', run: toCause },
  { keys: ['e'], does: 'to its first effect', run: toEffect },
  { keys: ['c'], does: 'past and future of the selected event', run: toggleCone },
  { keys: ['v'], does: 'to the violation', run: (app) => jumpToViolation(app) },
  { keys: ['/'], does: 'search', run: () => document.getElementById('search')?.focus() },
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
  { keys: ['?'], does: 'this help', run: (app) => app.store.set({ open: 'help' }) },
  { keys: ['Esc'], does: 'close, or select nothing', run: escape },
];

const NAMES: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'space',
  Escape: 'Esc',
  '=': '+',
  _: '-',
};

/** @returns ends it */
export function listenToKeys(app: RunApp): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event) || app.state.open === 'help') return;
    const key = NAMES[event.key] ?? event.key;
    // A button does what it says when space is pressed on it.
    if (key === 'space' && event.target instanceof HTMLButtonElement) return;
    const binding = KEYS.find(({ keys }) => keys.includes(key));
    if (binding === undefined) return;
    event.preventDefault();
    binding.run(app, key);
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}

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
