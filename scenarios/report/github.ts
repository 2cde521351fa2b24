import type { RunResult } from '../define/result.ts';
import { seconds, spelled } from './text-run.ts';
import type { SweepSummary } from './sweep-summary.ts';

/**
 * What GitHub shows beside the files of a change: a line for each kind of failure, one for what was
 * not deterministic, and one for a sweep that proves nothing.
 */
export function annotations(summary: SweepSummary): string[] {
  const { scenario, groups, tooLow, probes, seeds, drift } = summary;
  const failures = groups.map(({ smallest, count }) => {
    const { reason = '', repro } = smallest;
    const often = `${count} of ${seeds} seeds`;
    return command('error', title(smallest), [reason, often, repro].join('\n'));
  });
  if (drift !== undefined) {
    failures.push(command('error', `${scenario}: not deterministic`, drift));
  }
  const never = probes.filter(({ status }) => status === 'never').map(({ name }) => name);
  const missing = [...tooLow, ...never.map((name) => `"${name}" never happened`)];
  if (missing.length === 0) return failures;
  return [...failures, command('warning', `${scenario}: too little happened`, missing.join('\n'))];
}

function title({ scenario, seed, check, verdict }: RunResult): string {
  return `${scenario} seed ${seed}: ${check ?? verdict}`;
}

/** A command of a workflow; what separates its parts is escaped. */
function command(level: string, title: string, message: string): string {
  const data = (text: string): string =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string =>
    data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property(title)}::${data(message)}`;
}

/** The summary of a job, in Markdown. */
export function markdown(sweeps: readonly SweepSummary[]): string {
  const rows = sweeps.map((summary) => {
    const { scenario, verdict, seeds, failures, simMs, wallMs, digest } = summary;
    const cells = [cell(scenario), spelled(verdict), seeds, failures, seconds(simMs)];
    return `| ${[...cells, seconds(wallMs), `\`${digest}\``].join(' | ')} |`;
  });
  const failures = sweeps.flatMap(({ groups }) =>
    groups.map(({ smallest, count }) => {
      const { reason = '', repro } = smallest;
      return `\n**${cell(title(smallest))}** (${count})\n\n${fenced(`${reason}\n\n${repro}`)}`;
    }),
  );
  return [
    '### Faultlab',
    '',
    '| scenario | verdict | seeds | failures | simulated | wall | digest |',
    '|---|---|--:|--:|--:|--:|---|',
    ...rows,
    ...failures,
    '',
  ].join('\n');
}

/** What would end a cell, or begin markup, is escaped. */
function cell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, (mark) => `\\${mark}`).replaceAll('\n', ' ');
}

/** A fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
