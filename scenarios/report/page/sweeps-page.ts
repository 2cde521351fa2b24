import type { RunResult } from '../../define/result.ts';
import type { Verdict } from '../../define/verdict.ts';
import type { EndedSweep } from '../ended-sweep.ts';
import { seconds, shortMs, spelled } from '../text-run.ts';
import { worstVerdict, type FailureGroup, type SweepSummary } from '../sweep-summary.ts';
import { html, htmlDocument, type Markup } from './document.ts';
import { histogram } from './histogram.ts';

/** A run that took long. */
export interface SlowRun {
  readonly seed: string;
  readonly wallMs: number;
  readonly events: number;
}

/** What the page shows of a sweep. */
export interface SweepOnPage extends EndedSweep {
  /** The slowest first. */
  readonly slowest: readonly SlowRun[];
}

/** One page for all sweeps: verdicts, failures, what happened, and what took long. */
export function sweepsPage(sweeps: readonly SweepOnPage[]): string {
  const seeds = sweeps.reduce((sum, { summary }) => sum + summary.seeds, 0);
  const failures = sweeps.reduce((sum, { summary }) => sum + summary.failures, 0);
  const verdict = worstVerdict(sweeps.map(({ summary }) => summary.verdict));
  const versions = [...new Set(sweeps.map(({ header }) => header.faultlab))].join(', ');
  const title = `${spelled(verdict)}: ${seeds} seeds of ${sweeps.length} scenarios`;
  const body = html`<h1>
      ${verdictMark(verdict)} &middot; ${seeds} seeds, ${failures} not as expected
    </h1>
    <p class="dim">Faultlab ${versions}. Times are virtual unless they are called wall.</p>
    ${overview(sweeps)} ${sweeps.map((sweep, i) => section(sweep, i))}`;
  return htmlDocument(`Faultlab: ${title}`, body);
}

function overview(sweeps: readonly SweepOnPage[]): Markup {
  return html`<div class="scroll">
    <table>
      <tr>
        <th>scenario</th>
        <th>verdict</th>
        <th class="n">seeds</th>
        <th class="n">failures</th>
        <th class="n">probes hit</th>
        <th class="n">simulated</th>
        <th class="n">wall</th>
        <th>digest</th>
      </tr>
      ${sweeps.map(({ summary }, i) => {
        const { scenario, verdict, seeds, failures, probes, simMs, wallMs, digest } = summary;
        const hit = probes.filter(({ status }) => status === 'hit').length;
        return html`<tr>
          <td><a href="#s${i}">${scenario}</a></td>
          <td>${verdictMark(verdict)}</td>
          <td class="n">${seeds}</td>
          <td class="n">${failures}</td>
          <td class="n">${hit} of ${probes.length}</td>
          <td class="n">${seconds(simMs)}</td>
          <td class="n">${seconds(wallMs)}</td>
          <td><code>${digest}</code></td>
        </tr> `;
      })}
    </table>
  </div>`;
}

function section(sweep: SweepOnPage, i: number): Markup {
  const { header, summary, distributions, slowest } = sweep;
  const options =
    header.options.length === 0 ? undefined : html` <code>${header.options.join(' ')}</code>`;
  return html`<section id="s${i}">
    <h2>${verdictMark(summary.verdict)} ${summary.scenario}</h2>
    <p class="dim">seeds ${header.seeds}${options}</p>
    ${remarks(summary)} ${summary.groups.map((group) => failure(group, sweep))}
    ${probeTable(summary)}
    <h3>What happened, by seed</h3>
    <div class="charts">${[...distributions].map(([name, seen]) => histogram(name, seen))}</div>
    ${latencyTable(summary)} ${slowTable(slowest)}
  </section> `;
}

function remarks({ tooLow, drift, isInterrupted, isBailed = false }: SweepSummary): Markup[] {
  const said = [
    ...tooLow.map((text) => `Too little happened: ${text}.`),
    ...(drift === undefined ? [] : [`Not deterministic: ${drift}.`]),
    ...(isInterrupted ? ['Interrupted: this is what was done.'] : []),
    ...(isBailed ? ['Ended with a failure, as --bail asks.'] : []),
  ];
  return said.map((text) => html`<p class="odd">${text}</p>`);
}

function failure({ count, smallest }: FailureGroup, { summary, folders }: SweepOnPage): Markup {
  const { seed, verdict, check, reason = '', event, events, repro } = smallest;
  const folder = folders.get(seed);
  const at = event === undefined ? `${events} events` : `event ${event} of ${events}`;
  const ofFolder = ['replay', 'view'].map((verb) => `npx faultlab ${verb} ${folder}`);
  const commands = [repro, ...(folder === undefined ? [] : ofFolder)];
  return html`<div class="card bad-edge">
    <h3>
      ${verdictMark(verdict)} ${check ?? ''}
      <span class="dim"
        >seed ${seed}, ${at}; ${count} of ${summary.seeds} seeds fail like this</span
      >
    </h3>
    <p>${reason}</p>
    ${storyTable(smallest)}
    <pre>${commands.filter((line) => line !== '').join('\n')}</pre>
  </div> `;
}

function storyTable({ story = [] }: RunResult): Markup | undefined {
  if (story.length === 0) return undefined;
  return html`<div class="scroll">
    <table>
      ${story.map(({ timeUs, who, text, isCulprit = false }) => {
        const mark = isCulprit ? html` class="row-culprit"` : undefined;
        return html`<tr${mark}><td class="n">${seconds(timeUs / 1000)}</td><td>${who}</td>
<td>${text}${isCulprit ? ' (here)' : ''}</td></tr>
`;
      })}
    </table>
  </div>`;
}

function probeTable({ probes, seeds }: SweepSummary): Markup | undefined {
  if (probes.length === 0) return undefined;
  return html`<h3>Probes: what must have happened</h3>
    <div class="scroll">
      <table>
        <tr>
          <th>probe</th>
          <th>status</th>
          <th class="n">in seeds</th>
          <th class="n">expected within</th>
        </tr>
        ${probes.map(({ name, status, seeds: hit, within }) => {
          const kind = status === 'never' ? 'odd' : status === 'hit' ? 'good' : 'dim';
          return html`<tr>
            <td>${name}</td>
            <td class="${kind}">${status}</td>
            <td class="n">${hit} of ${seeds}</td>
            <td class="n">${within}</td>
          </tr> `;
        })}
      </table>
    </div>`;
}

function latencyTable({ latency }: SweepSummary): Markup | undefined {
  const rows = Object.entries(latency);
  if (rows.length === 0) return undefined;
  const figures = ['p50', 'p90', 'p99', 'max'] as const;
  return html`<h3>Latency of operations, in ms: medians over the seeds</h3>
    <div class="scroll">
      <table>
        <tr>
          <th>operation</th>
          <th class="n">a run</th>
          ${figures.map((figure) => html`<th class="n">${figure}</th>`)}
        </tr>
        ${rows.map(
          ([name, row]) =>
            html`<tr>
              <td>${name}</td>
              <td class="n">${row.count}</td>
              ${figures.map((figure) => html`<td class="n">${shortMs(row[figure])}</td>`)}
            </tr> `,
        )}
      </table>
    </div>`;
}

function slowTable(slowest: readonly SlowRun[]): Markup | undefined {
  if (slowest.length === 0) return undefined;
  return html`<h3>Slowest runs</h3>
    <div class="scroll">
      <table>
        <tr>
          <th>seed</th>
          <th class="n">wall</th>
          <th class="n">events</th>
        </tr>
        ${slowest.map(
          ({ seed, wallMs, events }) =>
            html`<tr>
              <td>${seed}</td>
              <td class="n">${seconds(wallMs)}</td>
              <td class="n">${events}</td>
            </tr> `,
        )}
      </table>
    </div>`;
}

function verdictMark(verdict: Verdict): Markup {
  const kind = verdict === 'pass' ? 'good' : spelled(verdict) === verdict ? 'odd' : 'bad';
  const mark = verdict === 'pass' ? '✓' : kind === 'odd' ? '?' : '✗';
  return html`<span class="${kind}">${mark} ${spelled(verdict)}</span>`;
}
