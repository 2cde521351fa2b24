import { MOVING, SEARCHING, type Binding } from '../parts/key-bindings.ts';
import { historyTabs } from './history-state.ts';
import type { HistoryApp } from './history-app.ts';

/** What the keys do; the help lists them as they stand here. */
export const HISTORY_KEYS: readonly Binding<HistoryApp>[] = [
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
  { keys: ['space'], does: 'play, pause', run: (app) => app.play() },
  {
    keys: ['.', ','],
    does: 'faster, slower',
    run: (app, key) => app.changeSpeed(key === '.' ? 1 : -1),
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
  ...MOVING,
  { keys: ['0'], does: 'the whole history', run: (app) => app.showAll() },
  { keys: ['z'], does: 'zoom to the selection', run: (app) => app.showSelection() },
  SEARCHING,
  {
    keys: ['1', '2', '3'],
    does: 'steps, keys, about',
    run: (app, key) => app.store.set({ tab: historyTabs[Number(key) - 1] ?? 'Steps' }),
  },
  { keys: ['?'], does: 'this help', run: (app) => app.store.set({ open: 'help' }) },
  { keys: ['Esc'], does: 'close, or select nothing', run: (app) => app.clearSelection() },
];
