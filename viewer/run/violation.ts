import type { RunApp } from './run-app.ts';

/** To what went wrong, if anything did. */
export function jumpToViolation(app: RunApp): void {
  const { violation } = app.model;
  if (violation !== undefined) app.select(violation, 'Story');
}
