import { hashString } from '../kernel/digest.ts';
import type { Streams } from '../random/streams.ts';
import { eventLabel, type EventLabel } from '../kernel/kernel.ts';
import { FateSource } from './fate.ts';
import type { OverrideFate } from './override.ts';

/** Something a fault does to the messages of a link while it lasts. */
export interface LinkEffect {
  /** Extra delay for this message, in µs; drawn by the fault from its own stream. */
  extraDelayUs(type: string): number;
}

/** Messages of one type on one link. */
export class Lane {
  readonly label: EventLabel;
  readonly fates: FateSource;
  readonly overrides: ReadonlyMap<number, OverrideFate> | undefined;
  /** Ordinal of the next message. */
  n = 0;

  constructor(
    streams: Streams,
    link: string,
    type: string,
    overrides: ReadonlyMap<number, OverrideFate> | undefined,
  ) {
    this.label = { ...eventLabel(type), place: link };
    this.fates = new FateSource(streams, link, type);
    this.overrides = overrides;
  }
}

/** The directed way from one node to another. */
export class Link {
  readonly name: string;
  /** Hash of the name, for the digest. */
  readonly hash: number;
  readonly from: string;
  readonly to: string;
  readonly lanes: Map<string, Lane> = new Map();
  readonly effects: LinkEffect[] = [];
  /** How many faults block it now. A count, because faults overlap. */
  blocks = 0;

  constructor(from: string, to: string) {
    this.name = linkName(from, to);
    this.hash = hashString(this.name);
    this.from = from;
    this.to = to;
  }

  get isBlocked(): boolean {
    return this.blocks > 0;
  }

  extraDelayUs(type: string): number {
    let total = 0;
    for (const effect of this.effects) total += effect.extraDelayUs(type);
    return total;
  }
}

/** `from>to`: how plans and streams name a link. */
export function linkName(from: string, to: string): string {
  return `${from}>${to}`;
}
