/** What some keys do to an app. */
export interface Binding<App> {
  /** By the names that the help gives them: `→`, `space`, `Esc`. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (app: App, key: string) => void;
}

/** A picture over time that can be zoomed and moved. */
interface Movable {
  zoom(factor: number): void;
  pan(share: number): void;
  scrollBy(px: number): void;
}

/** What the keys of all pictures do alike. */
export const MOVING: readonly Binding<Movable>[] = [
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
];

/** To the search box. */
export const SEARCHING: Binding<unknown> = {
  keys: ['/'],
  does: 'search',
  run: () => document.getElementById('search')?.focus(),
};

const NAMES: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
  ' ': 'space',
  '=': '+',
  _: '-',
};

/**
 * Let keys do what their bindings say, unless somebody types, or a dialog has them.
 * @returns ends it
 */
export function listenToBindings<App>(
  app: App,
  bindings: readonly Binding<App>[],
  hasDialog: () => boolean,
): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event) || hasDialog()) return;
    const key = NAMES[event.key] ?? event.key;
    // A button does what it says when space is pressed on it.
    if (key === 'space' && event.target instanceof HTMLButtonElement) return;
    const binding = bindings.find(({ keys }) => keys.includes(key));
    if (binding === undefined) return;
    event.preventDefault();
    binding.run(app, key);
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}
