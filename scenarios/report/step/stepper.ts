import type { MessageOverride, Trace, TraceRecord } from '../../../sim/index.ts';
import type { Plan } from '../../define/plan.ts';
import { compareRuns, type ComparedRun } from '../diff/compare-runs.ts';
import { comparisonLines } from '../diff/text-diff.ts';
import { milliseconds } from '../gutter.ts';
import { Journeys } from '../journeys.ts';
import { eventLines } from '../text-event.ts';
import { fold } from '../text-fold.ts';
import { LineForm } from '../text-lines.ts';
import { whyLines } from '../text-why.ts';
import { wordsOf } from '../trace-words.ts';
import { known, parseBreakpoint, type Breakpoint } from './breakpoint.ts';
import { forkedPlan, messagesOf, type Change } from './fork.ts';
import { inspectLines } from './inspect.ts';
import { parseSpan } from './moment.ts';
import { RunEvents } from './run-events.ts';
import { StepError } from './step-error.ts';

/** A run to step through. */
export interface SteppedRun extends ComparedRun {
  readonly plan: Plan;
  /** What became of each message: see {@link RunOptions.recordFates}. */
  readonly fates: readonly MessageOverride[];
}

export interface StepperOptions {
  /** In columns, from 60. */
  readonly width: number;
  /** What makes an event one to stop at. */
  readonly isShown: (record: TraceRecord) => boolean;
  /** Run another plan with the same code. */
  readonly rerun: (plan: Plan, name: string) => Promise<SteppedRun>;
  /** Write a plan to a file. */
  readonly save: (file: string, plan: Plan) => void;
}

/** Of more events in one step, the last ones are shown. */
const MOST_SHOWN = 20;

/**
 * Goes through a recorded run event by event, in either direction. What a recording does not hold,
 * a run in which one message fares otherwise, is run; everything else is looked up.
 */
export class Stepper {
  private readonly options: StepperOptions;
  private run: SteppedRun;
  private events: RunEvents;
  private form: LineForm;
  /** Number of the event that was looked at last; 0 = the set-up of the world. */
  private current = 0;
  /** Where the last step came from. */
  private previous = 0;
  private readonly breakpoints: Breakpoint[] = [];
  private forked: SteppedRun | undefined;

  constructor(run: SteppedRun, options: StepperOptions) {
    this.options = options;
    this.run = run;
    this.events = new RunEvents(run.trace, options.isShown);
    this.form = this.formOf(run.trace);
  }

  get prompt(): string {
    return `${this.current}/${this.events.last}> `;
  }

  /** What one may ask for by name: for completion. */
  get names(): string[] {
    return [...this.events.nodes, ...this.events.types];
  }

  /** Where we are, and what happened there. */
  here(): string[] {
    return [this.form.header(), ...this.rowsOf(this.current)];
  }

  next(count: number): string[] {
    const passed: number[] = [];
    for (const event of this.events.after(this.current)) {
      if (passed.push(event) === count) break;
    }
    const last = passed.at(-1);
    if (last === undefined) return ['This is the end of the run.'];
    this.moveTo(last);
    const shown = passed.slice(-MOST_SHOWN);
    const left = passed.length - shown.length;
    const more = left === 0 ? [] : this.form.remark(`... ${left} events, and then:`);
    return [...more, ...shown.flatMap((event) => this.rowsOf(event))];
  }

  back(count: number): string[] {
    if (this.current === 0) return ['This is the beginning of the run.'];
    this.moveTo(this.events.before(this.current, count));
    return this.rowsOf(this.current);
  }

  /** @param where number of an event, a moment (`1.2s`), `end` or `failure` */
  goto(where: string): string[] {
    this.moveTo(this.placeOf(where));
    return this.here();
  }

  /** On to the next event that a breakpoint names. */
  continue(): string[] {
    const { trace, last } = this.events;
    if (this.breakpoints.length === 0) throw new StepError('no breakpoints: see break');
    for (const record of trace) {
      if (record.event <= this.current) continue;
      const hit = this.breakpoints.find(({ matches }) => matches(record));
      if (hit === undefined) continue;
      this.moveTo(record.event);
      return [...this.here(), `stopped by: break ${hit.text}`];
    }
    this.moveTo(last);
    return [...this.here(), 'No breakpoint until here: this is the end of the run.'];
  }

  /** @throws StepError if that cannot be */
  break(words: readonly string[]): string[] {
    if (words.length > 0) this.breakpoints.push(parseBreakpoint(words, this.events));
    if (this.breakpoints.length === 0) return ['There are no breakpoints.'];
    return this.breakpoints.map(({ text }, i) => `${i + 1}: break ${text}`);
  }

  /** @param number of the breakpoint; all of them if there is none */
  delete(number: number | undefined): string[] {
    if (number === undefined) this.breakpoints.length = 0;
    else if (this.breakpoints.splice(number - 1, 1).length === 0) {
      throw new StepError(`no breakpoint ${number}`);
    }
    return this.break([]);
  }

  /** What one node knows, or each of them; with what the last step changed. */
  inspect(node: string | undefined): string[] {
    if (node !== undefined) known('node', node, this.events.nodes);
    const { current, previous, run, options } = this;
    const since = `since event ${previous}`;
    const title = `After event ${current}, at ${this.momentOf(current)} ms (* changed ${since})`;
    return [title, ...inspectLines(run.trace, current, previous, node, options.width)];
  }

  why(event: number = this.current, isComplete: boolean = false): string[] {
    if (!this.events.has(event)) throw new StepError(`no event ${event}`);
    const { width } = this.options;
    return whyLines(this.run.trace, event, { width, isComplete, toComplete: `why ${event} all` });
  }

  /** The present event with its payloads in full. */
  details(): string[] {
    return eventLines(this.run.trace, this.current, this.current, this.options.width);
  }

  /**
   * Run the plan again with one message faring otherwise, and compare.
   * @param which of the messages of the event, from 1; needed if there are several
   */
  async fork(change: Change, which: number | undefined): Promise<string[]> {
    const { event, message } = this.messageFor(which);
    const plan = forkedPlan(this.run.plan, message, change, this.run.fates);
    const { from = '', to = '', label, n } = message;
    const name = `with ${label} #${n} of ${from} to ${to} ${changeWords(change)}`;
    const forked = await this.options.rerun(plan, name);
    this.forked = forked;
    const comparison = compareRuns({ ...this.run, name: 'as it was' }, forked);
    return [
      ...fold(`Event ${event}, ${name}:`, this.options.width),
      ...comparisonLines(comparison, this.options.width),
      '"take" goes on in B, "save FILE" keeps its plan.',
    ];
  }

  /** Go on in the run that was forked last, as near to the same place as it has one. */
  take(): string[] {
    const run = this.theFork();
    const timeUs = this.events.timeUs(this.current);
    this.run = run;
    this.events = new RunEvents(run.trace, this.options.isShown);
    this.form = this.formOf(run.trace);
    this.current = this.events.at(timeUs);
    this.previous = this.current;
    this.forked = undefined;
    return [`Now ${run.name}.`, ...this.here()];
  }

  save(file: string): string[] {
    this.options.save(file, this.theFork().plan);
    return [`The plan of the fork is in ${file}.`];
  }

  private theFork(): SteppedRun {
    if (this.forked === undefined) throw new StepError('there is no fork: see fork');
    return this.forked;
  }

  private moveTo(event: number): void {
    this.previous = this.current;
    this.current = event;
  }

  private placeOf(where: string): number {
    const { events, run } = this;
    if (where === 'end') return events.last;
    if (where === 'start') return 0;
    if (where === 'failure') {
      if (run.result.event === undefined) throw new StepError('nothing failed at an event here');
      return run.result.event;
    }
    const us = parseSpan(where);
    if (us !== undefined) return events.at(us);
    if (!/^\d+$/.test(where)) {
      throw new StepError(`expected an event (120), a moment (1.2s), end or failure: "${where}"`);
    }
    const event = Number(where);
    if (event === 0 || events.has(event)) return event;
    throw new StepError(`no event ${event}; the last one is ${events.last}`);
  }

  /** A message of the present event, or of the next one that has any. */
  private messageFor(which: number | undefined): { event: number; message: TraceRecord } {
    for (const event of [this.current, ...this.events.after(this.current)]) {
      const messages = messagesOf(this.run.trace.of(event));
      if (messages.length === 0) continue;
      const message = messages.length === 1 && which === undefined ? messages[0] : undefined;
      const chosen = message ?? messages[(which ?? 0) - 1];
      if (chosen !== undefined) return { event, message: chosen };
      const list = messages.map((one, i) => `  ${i + 1}: ${one.node} ${wordsOf(one)}`);
      throw new StepError(`event ${event}: which one? Say its number last\n${list.join('\n')}`);
    }
    throw new StepError('there is no message from here on');
  }

  private rowsOf(event: number): string[] {
    const records = this.run.trace.of(event);
    if (records.length === 0) return this.form.remark('the run begins here');
    return records.flatMap((record) => this.form.rows(record));
  }

  private momentOf(event: number): string {
    return milliseconds(this.events.timeUs(event));
  }

  private formOf(trace: Trace): LineForm {
    return new LineForm(trace, this.options.width, new Journeys(trace));
  }
}

function changeWords(change: Change): string {
  switch (change.kind) {
    case 'drop':
      return 'dropped';
    case 'delay':
      return `delayed by ${milliseconds(change.byUs)} ms`;
    case 'deliver':
      return 'delivered';
  }
}
