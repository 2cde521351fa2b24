import type { FaultTime, RunMetrics } from '../../sim/index.ts';
import type { HistoryLine } from '../define/history.ts';
import { operationName } from '../define/latency.ts';

/**
 * Measure the client operations that returned: all of them as `operation`, those during which a
 * fault was in force once more as `operation under faults`.
 */
export function measureOperations(metrics: RunMetrics, history: readonly HistoryLine[]): void {
  const { faultTimes } = metrics;
  for (const { status, client, input, invokedUs, completedUs } of history) {
    if (status !== 'ok' || completedUs === undefined) continue;
    const op = operationName(input);
    const measure = (name: string): void =>
      metrics.metrics.measure(completedUs, 'world', name, client, op, completedUs - invokedUs);
    measure('operation');
    if (isUnderFaults(faultTimes, invokedUs, completedUs)) measure('operation under faults');
  }
}

function isUnderFaults(times: readonly FaultTime[], fromUs: number, untilUs: number): boolean {
  return times.some((time) => time.fromUs <= untilUs && time.untilUs > fromUs);
}
