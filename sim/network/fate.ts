import { avalanche, exponential, scale } from '../random/bits.ts';
import type { Random } from '../random/random.ts';
import type { Streams } from '../random/streams.ts';
import type { Fate } from './link-rules.ts';
import type { NetworkProfile, Range } from './profile.ts';

/**
 * Draws fates for one message type on one link from its own stream, so that messages of other types
 * and links do not shift when one is added or removed.
 *
 * Each message costs exactly one draw, whatever the profile or the faults; the decisions about it
 * are taken from independent mixtures of this draw, and only as far as they matter.
 */
export class FateSource {
  private readonly random: Random;
  private drawn = 0;
  /** What became of the message before, for profiles under which faults come in bursts. */
  private wasLost = false;
  private wasTwice = false;
  /** 0 = there was none. */
  private baseUs = 0;

  constructor(streams: Streams, link: string, type: string) {
    this.random = streams.stream(`net/${link}/${type}`);
  }

  /** Draw for the next message. The other methods interpret this draw. */
  next(): void {
    this.drawn = this.random.uint32();
  }

  /** Fate of a request or a one-way message. */
  request(profile: NetworkProfile, fate: Fate): void {
    const wait = this.range(2, profile.requestDelayMs) * 1000;
    fate.isLost = this.isLost(profile, profile.requestLossPpm);
    fate.delayUs = this.latency(profile) + wait;
    this.repeat(profile, fate);
  }

  reply(profile: NetworkProfile, fate: Fate): void {
    fate.delayUs = this.latency(profile);
    fate.isLost = this.isLost(profile, profile.replyLossPpm);
    this.repeat(profile, fate);
    if (fate.isLost || !this.happens(2, profile.longReplyPpm)) return;
    // labrpc: 200 + rand(1 + rand(2000)) ms.
    const holdMs = 200 + scale(this.draw(4), 1 + scale(this.draw(3), 2000));
    fate.delayUs += holdMs * 1000;
  }

  /** labrpc: after how many µs the caller learns that there is no such server. */
  disconnected(profile: NetworkProfile): number {
    return Math.max(1, this.range(3, profile.disconnectedMs) * 1000);
  }

  private isLost({ burstPpm }: NetworkProfile, lossPpm: number): boolean {
    if (!this.happens(9, burstPpm)) this.wasLost = this.happens(1, lossPpm);
    return this.wasLost;
  }

  /** The second copy takes a time of its own. */
  private repeat(profile: NetworkProfile, fate: Fate): void {
    if (!this.happens(10, profile.burstPpm)) this.wasTwice = this.happens(7, profile.duplicatePpm);
    if (!this.wasTwice) return;
    fate.copies = 2;
    fate.copyLaterUs = exponential(this.draw(8), profile.latencyUs[1]);
  }

  private latency(profile: NetworkProfile): number {
    const { tailPpm, tailUs, latencyUs, meanExtraUs, sameLatencyPpm } = profile;
    if (this.baseUs === 0 || !this.happens(11, sameLatencyPpm)) {
      this.baseUs = this.range(0, this.happens(5, tailPpm) ? tailUs : latencyUs);
    }
    return meanExtraUs === 0 ? this.baseUs : this.baseUs + exponential(this.draw(6), meanExtraUs);
  }

  private happens(i: number, ppm: number): boolean {
    return ppm > 0 && scale(this.draw(i), 1_000_000) < ppm;
  }

  private range(i: number, [lo, hi]: Range): number {
    return lo === hi ? lo : lo + scale(this.draw(i), hi - lo + 1);
  }

  private draw(i: number): number {
    return avalanche(this.drawn + Math.imul(i, 0x9e3779b9)) >>> 0;
  }
}
