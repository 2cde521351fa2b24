import pc from 'picocolors';
import type { Latencies } from '../define/latency.ts';
import type { RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';
import { quoted } from './shell-word.ts';
import type { SweepSummary } from './sweep-summary.ts';
import { clean, padded, visible, widthOf } from './text-fold.ts';

/** Widest line where nobody says how wide the terminal is, in columns. */
const WIDTH = 100;

/** One line for a run that ended as expected. */
export function runLine(result: RunResult): string {
  const { scenario, seed, verdict, operations, messages, events, simMs, wallMs, digest } = result;
  const what = `${operations} operations, ${messages} messages, ${events} events`;
  return (
    `${verdictText(verdict)}  ${scenario}  seed ${seed}\n` +
    `  ${what}; ${seconds(simMs)} simulated in ${seconds(wallMs)}\n` +
    `  ${activityText(Object.entries(result.activity))}\n` +
    latencyLines(result.latency, 'latency')
      .map((line) => `${line}\n`)
      .join('') +
    `  digest ${digest}`
  );
}

/** A run that did not end as expected: what, where, why, and what to do next. */
export function failureBlock(
  result: RunResult,
  folder: string | undefined,
  width: number = WIDTH,
): string {
  const { scenario, seed, verdict, reason, story = [], where, stack, event } = result;
  const check = pc.bold(clean(result.check ?? ''));
  const wanted = result.expected === 'pass' ? '' : ` (expected: ${result.expected})`;
  const title =
    verdict === 'pass'
      ? `${verdictText(verdict)}${wanted}  ${scenario}  seed ${seed}`
      : `${verdictText(verdict)}  ${scenario}  seed ${seed}  ${check}${wanted}`;
  const lines = [title, ...wrap(reason ?? '', '   ', width)];
  if (where !== undefined && reason?.includes(where) !== true)
    lines.push(...wrap(where, '   ', width));
  if (stack !== undefined) lines.push(...stackLines(visible(stack)));
  for (const { timeUs, who, text, isCulprit } of story) {
    const when = seconds(timeUs / 1000).padStart(11);
    const line = `   ${when}  ${padded(clean(who), 6)}  ${clean(text)}`;
    lines.push(isCulprit === true ? `${line}  ${pc.red('<- here')}` : line);
  }
  const at = event === undefined ? '' : `event ${event} of ${result.events}`;
  lines.push(pc.dim(`   ${at.padEnd(28)} digest ${result.digest || '-'}`));
  if (folder !== undefined) {
    lines.push(`   replay   npx faultlab replay ${quoted(folder)}`);
    lines.push(`   look     npx faultlab view ${quoted(folder)}`);
  }
  lines.push(`   again    ${result.repro}`);
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** What a sweep came to, in a few lines. */
export function sweepBlock(
  summary: SweepSummary,
  folders: ReadonlyMap<string, string> = new Map(),
  width: number = WIDTH,
): string {
  const { scenario, seeds, failures, verdict, simMs, wallMs, digest } = summary;
  const rate = failures === 0 ? '' : `, ${failures} not as expected`;
  const lines = [
    `${verdictText(verdict)}  ${scenario}  ${counted(seeds, 'seed')}${rate}; ` +
      `${seconds(simMs)} simulated in ${seconds(wallMs)}`,
    ...wrap(
      `median: ${activityText(summary.activity.map((r) => [r.name, r.median]))}`,
      '  ',
      width,
    ),
    ...latencyLines(summary.latency, 'median latency', width),
    ...probeLines(summary, width),
    `  digest ${digest}`,
  ];
  if (failures === 0) {
    lines.push(...summary.tooLow.map((text) => pc.yellow(`  too little happened: ${text}`)));
  }
  if (summary.drift !== undefined) lines.push(...wrap(summary.drift, '  ', width));
  if (summary.isBailed === true) lines.push(pc.yellow('  ended with a failure, as --bail asks'));
  if (summary.isInterrupted) lines.push(pc.yellow('  interrupted: this is what was done'));
  for (const group of summary.groups) {
    lines.push('', failureBlock(group.smallest, folders.get(group.smallest.seed), width));
    lines.push(pc.dim(`   ${group.count} of ${seeds} seeds fail like this; this is the smallest`));
  }
  return lines.join('\n');
}

export function verdictText(verdict: Verdict): string {
  return inItsColour(verdict, spelled(verdict));
}

/** What must not be overlooked is in capitals, as there may be no colours. */
export function spelled(verdict: Verdict): string {
  return isBad(verdict) ? verdict.toUpperCase() : verdict;
}

/** A text in the colour of a verdict. */
export function inItsColour(verdict: Verdict, text: string): string {
  if (isBad(verdict)) return pc.red(text);
  return verdict === 'pass' ? pc.green(text) : pc.yellow(text);
}

function isBad(verdict: Verdict): boolean {
  return verdict === 'violation' || verdict === 'crash' || verdict === 'nondeterministic';
}

/** `1.234 s`, `45 s`, `12 min`. */
export function seconds(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(3)} s`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

export function activityText(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([name, count]) => `${count} ${name}`).join(', ');
}

/** `latency p50/p99/max in ms: get 1.20/3.40/5.60`, wrapped; nothing without operations. */
function latencyLines(latency: Latencies, what: string, width: number = WIDTH): string[] {
  const rows = Object.entries(latency).map(
    ([op, { p50, p99, max }]) => `${op} ${[p50, p99, max].map(shortMs).join('/')}`,
  );
  if (rows.length === 0) return [];
  return wrap(`${what} p50/p99/max in ms: ${rows.join(', ')}`, '  ', width);
}

/** Three digits are enough to compare: `0.123`, `1.23`, `12.3`, `1234`. */
export function shortMs(ms: number): string {
  if (ms < 1) return ms.toFixed(3);
  return ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

/** `1 seed`, `20 seeds`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Break a text into lines that fit the width, each with the indent. They steer no terminal. */
export function wrap(text: string, indent: string, width: number = WIDTH): string[] {
  const lines: string[] = [];
  for (const paragraph of visible(text).split('\n')) {
    let line = '';
    let used = indent.length;
    for (const word of paragraph.split(' ')) {
      const columns = widthOf(word);
      if (line !== '' && used + 1 + columns > width) {
        lines.push(indent + line);
        line = '';
        used = indent.length;
      }
      used += line === '' ? columns : 1 + columns;
      line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(indent + line);
  }
  return lines;
}

/** Frames of the code under test; those of the simulator say nothing to its author. */
function stackLines(stack: string): string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.filter((line) => !/node:internal|\/(sim|scenarios)\//.test(line));
  return (own.length > 0 ? own : frames).slice(0, 6).map((line) => pc.dim(`   ${line.trim()}`));
}

function probeLines({ probes }: SweepSummary, width: number): string[] {
  if (probes.length === 0) return [];
  const hit = probes.filter((probe) => probe.status === 'hit').length;
  const rest = probes
    .filter((probe) => probe.status !== 'hit')
    .map(({ name, status, within }) => `"${name}" ${status}, expected within ${within} seeds`);
  const lines = wrap(
    `probes: ${[`${hit} of ${probes.length} hit`, ...rest].join('; ')}`,
    '  ',
    width,
  );
  const isWrong = probes.some((probe) => probe.status === 'never');
  return isWrong ? lines.map((line) => pc.yellow(line)) : lines;
}
