import { ExitCode } from '../scenarios/report/exit-code.ts';

/** The user asked for something that cannot be. Exit code 64. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/**
 * Errors that are the user's to mend, by name: they may come from another thread, where only the
 * name survives.
 */
const USAGE: ReadonlySet<string> = new Set([
  'UsageError',
  'FileError',
  'HistoryError',
  'ParamsError',
  'PlanError',
  'UnknownNameError',
  'UserCodeError',
]);

export function isUsage(error: unknown): error is Error {
  return error instanceof Error && USAGE.has(error.name);
}

export function exitCodeOfError(error: unknown): number {
  return isUsage(error) ? ExitCode.usage : ExitCode.internal;
}
