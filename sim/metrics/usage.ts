import type { Device } from './meter.ts';
import type { Metrics } from './metrics.ts';

/** A stretch of time in which a device works on one piece, in µs. */
interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
}

/**
 * How busy devices are. Their queues tell ahead of time when a piece of work will be done; it
 * counts only once that time has come, since a crash takes with it what is still to be done.
 */
export class Usage {
  private readonly metrics: Metrics;
  private readonly ahead = new Map<Device, Stretch[]>();
  private readonly known = new Set<string>();

  constructor(metrics: Metrics) {
    this.metrics = metrics;
  }

  add(nowUs: number, device: Device, fromUs: number, untilUs: number): void {
    let stretches = this.ahead.get(device);
    if (stretches === undefined) {
      this.ahead.set(device, (stretches = []));
      this.introduce(device);
    }
    // They end nearly in their order: what is past is counted soon, and few are kept.
    while ((stretches[0]?.untilUs ?? Infinity) <= nowUs) {
      this.count(device, stretches.shift() as Stretch);
    }
    stretches.push({ fromUs, untilUs });
  }

  /** Count what has been done until now; what is still to be done stays. */
  settle(nowUs: number): void {
    for (const [device, stretches] of this.ahead) {
      this.ahead.set(
        device,
        stretches.flatMap(({ fromUs, untilUs }) => {
          const endUs = Math.min(untilUs, nowUs);
          if (endUs > fromUs) this.count(device, { fromUs, untilUs: endUs });
          return untilUs > nowUs ? [{ fromUs: Math.max(fromUs, nowUs), untilUs }] : [];
        }),
      );
    }
  }

  /** Whatever the device had still to do is gone, and so is the device. */
  drop(nowUs: number, device: Device): void {
    this.settle(nowUs);
    this.ahead.delete(device);
  }

  clear(): void {
    this.ahead.clear();
    this.known.clear();
  }

  private count({ part, node }: Device, { fromUs, untilUs }: Stretch): void {
    this.metrics.span(fromUs, untilUs, 'world', 'busy', node, part);
  }

  /** In a new life a node has new queues on the same machine. */
  private introduce({ part, node, servers }: Device): void {
    const name = `${part} ${node}`;
    if (this.known.has(name)) return;
    this.known.add(name);
    this.metrics.count(0, 'world', 'servers', node, part, servers);
  }
}
