import { metricsFile } from '../scenarios/report/metrics-json.ts';
import { metricsLines } from '../scenarios/report/text-metrics.ts';
import type { JobReport } from '../scenarios/runner/node-target.ts';
import { print, printJson } from './output.ts';

/** Print the figures of a run, if they were kept: tables, or one object of JSON. */
export function printMetrics({ metrics, result }: JobReport, isJson: boolean): void {
  if (metrics === undefined) return;
  if (isJson) return printJson(metricsFile(metrics, result));
  print('');
  for (const line of metricsLines(metrics, result)) print(line);
}
