import type { Latencies } from './latency.ts';
import type { StoryLine, Verdict, ViolationClass } from './verdict.ts';

/** What a run came to, as plain data: one line of `--json`. */
export interface RunResult {
  readonly format: 1;
  readonly scenario: string;
  readonly seed: string;
  readonly verdict: Verdict;
  readonly expected: Verdict;
  readonly class?: ViolationClass | undefined;
  /** The check that found it. */
  readonly check?: string | undefined;
  readonly signature?: string | undefined;
  readonly reason?: string | undefined;
  /** Number of the event at which it was seen. */
  readonly event?: number | undefined;
  readonly where?: string | undefined;
  readonly stack?: string | undefined;
  readonly story?: readonly StoryLine[] | undefined;
  readonly digest: string;
  readonly events: number;
  /** Virtual time at the end, in ms. */
  readonly simMs: number;
  /** Real time, in ms; the only figure that differs from run to run. */
  readonly wallMs: number;
  readonly operations: number;
  /** Calls and one-way messages sent, lost ones included. */
  readonly messages: number;
  /** Of them, the calls: one RPC is one call, its reply is none. */
  readonly calls: number;
  /** Arguments of every call, one-way messages, and the replies that were delivered. */
  readonly bytes: number;
  /** How long client operations took that returned, by operation. */
  readonly latency: Latencies;
  /** What happened: crashes, losses, and what the scenario counts. */
  readonly activity: Readonly<Record<string, number>>;
  /** How often each probe was hit. */
  readonly probes: Readonly<Record<string, number>>;
  /** The probes that this run, by its plan, could hit. Default: all. */
  readonly awaited?: readonly string[] | undefined;
  /** The command that runs it again. */
  readonly repro: string;
}

/** Did the run end as its scenario says? */
export function isAsExpected(result: RunResult): boolean {
  return result.verdict === result.expected;
}

/** All of a result that must be the same however often a plan is run. */
export function identityOf({ digest, verdict, check, reason, event }: RunResult): string {
  return JSON.stringify([digest, verdict, check, reason, event]);
}
