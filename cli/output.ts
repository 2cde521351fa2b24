import { toJson } from '../scenarios/report/json.ts';

/** stdout carries data, stderr progress. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value)}\n`);
}

/** Width that text is broken to: that of the terminal, but no wider than one reads with ease. */
export function textWidth(): number {
  return Math.min(process.stdout.columns ?? 100, 100);
}

/**
 * Width that a trace is laid out for: that of the terminal; where there is none, what the shell
 * says (COLUMNS), or 100.
 */
export function pageWidth(): number {
  const said = process.stdout.columns ?? Number(process.env['COLUMNS'] ?? 100);
  return Number.isInteger(said) && said > 0 ? Math.min(Math.max(said, 60), 240) : 100;
}

/** A line on a terminal that is written over and over. Nothing where stderr is no terminal. */
export class StatusLine {
  private readonly isOn = process.stderr.isTTY;
  private lastMs = 0;

  /** At most ten times a second: a terminal is slower than a run. */
  show(text: string): void {
    if (!this.isOn || performance.now() - this.lastMs < 100) return;
    this.lastMs = performance.now();
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\u001b[2K${text.slice(0, width)}`);
  }

  clear(): void {
    if (this.isOn && this.lastMs > 0) process.stderr.write('\r\u001b[2K');
  }
}
