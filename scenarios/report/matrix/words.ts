import type { CourseCatch } from '../../define/pack.ts';
import type { OfficialKill } from './kill-matrix.ts';

/** Seeds, where null means more than were tried. */
export function figure(seeds: number | null, most: number): string {
  return seeds === null ? `>${most}` : String(seeds);
}

/** Are the servers looked into? `-` = the scenario does not ask. */
export function viewText(view: boolean | null): string {
  if (view === null) return '-';
  return view ? 'shown' : 'hidden';
}

/** `3/3, TestBackup3B in 12 tests, 0.41 s: agreement within 10 s`. */
export function officialText(official: OfficialKill): string {
  const { killed, test, check, seeds, found, passes, wallMs } = official;
  const wall = `${(wallMs / 1000).toFixed(2)} s`;
  if (!killed) return `missed in ${passes} passes (${wall} each)`;
  return `${found} of ${passes} passes, ${test} after ${seeds} tests, ${wall}: ${check}`;
}

/** What the course's own suite came to. */
export function courseText({ passes, caught, seconds }: CourseCatch): string {
  const share = caught === 0 ? 'never' : caught === passes ? 'each time' : `${caught} time`;
  const after = seconds === undefined ? '' : `, after ${seconds} s`;
  return `the course's suite in Go: ${share} in ${passes} passes of six minutes${after}`;
}
