import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunResult } from '../../scenarios/define/result.ts';
import type { SweepHeader } from '../../scenarios/define/sweep-file.ts';
import { defaultReporter } from './default.ts';

const { isTTY } = process.stderr;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  process.stderr.isTTY = true;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

test('rate and time left are those of what is run now, not of what was done earlier', () => {
  const shown = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const reporter = defaultReporter();
  const pass = { seed: '1', verdict: 'pass', expected: 'pass' } as RunResult;
  reporter.begin?.({ scenario: 'a', seeds: '1..100' } as SweepHeader);
  vi.advanceTimersByTime(500);
  reporter.goOn?.(80);
  vi.advanceTimersByTime(2000);
  reporter.result?.(pass, { done: 90, failures: 3 });

  expect(shown.mock.lastCall?.[0]).toContain('a  90 of 100 seeds, 5/s, 2 s left, 3 failures');
});
