import { historyTabs } from './history-state.ts';
import type { HistoryApp } from './history-app.ts';

interface Binding {
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (app: HistoryApp, key: string) => void;
}

/** What the keys do; the help lists them as they stand here. */
export const HISTORY_KEYS: readonly Binding[] = [
  {
    keys: ['n', 'p', '→', '←'],
    does: 'next step, step back',
    run: (app, key) => app.stepBy(key === 'n' || key === '→' ? 1 : -1),
  },
  {
    keys: ['PgDn', 'PgUp'],
    does: 'ten steps on, back',
    run: (app, key) => app.stepBy(key === 'PgDn' ? 10 : -10),
  },
  {
    keys: ['Home', 'End'],
    does: 'before the first step, after the last',
    run: (app, key) => app.goTo(key === 'Home' ? 0 : Infinity),
  },
  { keys: ['v'], does: 'to the violation, to the next one', run: (app) => app.nextViolation() },
  {
    keys: ['o'],
    does: 'another partial linearization',
    run: (app) => {
      const { order, part } = app.state;
      app.showOrder((order + 1) % Math.max(1, app.data.ordersOf(part).length));
    },
  },
  {
    keys: [']', '['],
    does: 'next key of the history, previous',
    run: (app, key) => app.stepPart(key === ']' ? 1 : -1),
  },
  {
    keys: ['k'],
    does: 'this key alone, all keys',
    run: (app) => {
      const { isOnly } = app.state;
      app.store.set({ isOnly: !isOnly && app.data.keys.length > 1, scroll: 0 });
    },
  },
  {
    keys: ['t'],
    does: 'axis: time to scale, or rank',
    run: (app) => app.setAxis(app.state.axis === 'time' ? 'rank' : 'time'),
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
  { keys: ['0'], does: 'the whole history', run: (app) => app.showAll() },
  { keys: ['z'], does: 'zoom to the selection', run: (app) => app.showSelection() },
  { keys: ['/'], does: 'search', run: () => document.getElementById('search')?.focus() },
  {
    keys: ['1', '2', '3'],
    does: 'steps, keys, about',
    run: (app, key) => app.store.set({ tab: historyTabs[Number(key) - 1] ?? 'Steps' }),
  },
  { keys: ['?'], does: 'this help', run: (app) => app.store.set({ open: 'help' }) },
  { keys: ['Esc'], does: 'close, or select nothing', run: (app) => app.clearSelection() },
];

const NAMES: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
  '=': '+',
  _: '-',
};

/** @returns ends it */
export function listenToHistoryKeys(app: HistoryApp): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement || app.state.open === 'help') return;
    const key = NAMES[event.key] ?? event.key;
    const binding = HISTORY_KEYS.find(({ keys }) => keys.includes(key));
    if (binding === undefined) return;
    event.preventDefault();
    binding.run(app, key);
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
