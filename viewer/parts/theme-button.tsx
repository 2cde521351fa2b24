import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { onTheme, themeNow, toggleTheme } from './theme.ts';

/** Changes between light and dark. */
export function ThemeButton(): VNode {
  const [theme, setTheme] = useState(themeNow());
  useEffect(() => onTheme(() => setTheme(themeNow())), []);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button type="button" aria-label={`Change to ${other} colours`} onClick={toggleTheme}>
      {theme === 'dark' ? '☀' : '☾'}
    </button>
  );
}
