import { scale, type Streams } from '../random/streams.ts';
import type { AleaRandom } from '../random/random.ts';
import type { NetworkProfile, Range } from './profile.ts';

/** What happens to one message. */
export interface Fate {
  readonly isLost: boolean;
  /** One-way time in µs; of a lost one: when it is lost. */
  readonly delayUs: number;
}

/**
 * Every message costs exactly this many draws of its stream, whatever the profile or the faults.
 */
const DRAWS = 5;

/**
 * Draws fates for one message type on one link from its own stream, so that messages of other types
 * and links do not shift when one is added or removed.
 */
export class FateSource {
  private readonly random: AleaRandom;
  private readonly draws = new Uint32Array(DRAWS);

  constructor(streams: Streams, link: string, type: string) {
    this.random = streams.stream(`net/${link}/${type}`);
  }

  /** Draw for the next message. The other methods interpret these draws. */
  next(): void {
    for (let i = 0; i < DRAWS; i++) this.draws[i] = this.random.uint32();
  }

  /** Fate of a request or a one-way message. */
  request(profile: NetworkProfile): Fate {
    const wait = this.range(2, profile.requestDelayMs) * 1000;
    return {
      isLost: this.happens(1, profile.requestLossPpm),
      delayUs: this.latency(profile) + wait,
    };
  }

  reply(profile: NetworkProfile): Fate {
    const delayUs = this.latency(profile);
    if (this.happens(1, profile.replyLossPpm)) return { isLost: true, delayUs };
    if (!this.happens(2, profile.longReplyPpm)) return { isLost: false, delayUs };
    // labrpc: 200 + rand(1 + rand(2000)) ms.
    const holdMs = 200 + scale(this.draw(4), 1 + scale(this.draw(3), 2000));
    return { isLost: false, delayUs: delayUs + holdMs * 1000 };
  }

  /** labrpc: after how many µs the caller learns that there is no such server. */
  disconnected(profile: NetworkProfile): number {
    return Math.max(1, this.range(3, profile.disconnectedMs) * 1000);
  }

  private latency(profile: NetworkProfile): number {
    const inTail = profile.tailPpm > 0 && this.happens(4, profile.tailPpm);
    return this.range(0, inTail ? profile.tailUs : profile.latencyUs);
  }

  private happens(i: number, ppm: number): boolean {
    return scale(this.draw(i), 1_000_000) < ppm;
  }

  private range(i: number, [lo, hi]: Range): number {
    return lo + scale(this.draw(i), hi - lo + 1);
  }

  private draw(i: number): number {
    return this.draws[i] as number;
  }
}
