import pc from 'picocolors';
import type { TraceRecord } from '../../sim/index.ts';

/** The left of every line of a trace: number of the event, and time in ms. */
export class Gutter {
  private readonly numberWidth: number;
  private readonly timeWidth: number;

  /** Wide enough for all of these records. */
  constructor(records: Iterable<TraceRecord>) {
    let [event, timeUs] = [0, 0];
    for (const record of records) {
      event = Math.max(event, record.event);
      timeUs = Math.max(timeUs, record.timeUs);
    }
    this.numberWidth = Math.max('event'.length, String(event).length);
    this.timeWidth = Math.max(8, milliseconds(timeUs).length);
  }

  get width(): number {
    return this.numberWidth + this.timeWidth + 3;
  }

  get header(): string {
    return `${'event'.padStart(this.numberWidth)} ${'ms'.padStart(this.timeWidth)}  `;
  }

  get blank(): string {
    return ' '.repeat(this.width);
  }

  of({ event, timeUs }: Pick<TraceRecord, 'event' | 'timeUs'>): string {
    const number = pc.dim(String(event).padStart(this.numberWidth));
    return `${number} ${milliseconds(timeUs).padStart(this.timeWidth)}  `;
  }
}

/** `1234.567` */
export function milliseconds(us: number): string {
  return (us / 1000).toFixed(3);
}
