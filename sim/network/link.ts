import { hashString } from '../kernel/digest.ts';
import type { Streams } from '../random/streams.ts';
import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import type { TypeCounter } from './counters.ts';
import type { Endpoint } from './network.ts';
import { FateSource } from './fate.ts';
import type { Flight } from './flight.ts';
import type { Fate, LinkEffect, LinkRule, LinkRules } from './link-rules.ts';
import type { OverrideFate } from './override.ts';

/** Messages of one type on one link. */
export class Lane {
  readonly label: EventLabel;
  readonly fates: FateSource;
  readonly overrides: ReadonlyMap<number, OverrideFate> | undefined;
  /** Ordinal of the next message. */
  n = 0;
  /** Where replies to its requests go; set by the first of them. */
  wayBack: { readonly link: Link; readonly lane: Lane } | undefined = undefined;
  /** Set when the first message is sent; replies are not counted. */
  counter: TypeCounter | undefined = undefined;

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

  get type(): string {
    return this.label.label;
  }
}

/** The directed way from one node to another, with the effects of the faults that cover it. */
export class Link {
  readonly name: string;
  /** Hash of the name, for the digest. */
  readonly hash: number;
  readonly from: string;
  readonly to: string;
  readonly lanes: Map<string, Lane> = new Map();
  /** Where it ends; undefined as long as there is no such node. */
  endpoint: Endpoint | undefined = undefined;
  private readonly rules: LinkRules;
  private version = 0;
  private effects = new Map<LinkRule, LinkEffect>();
  private hasEffects = false;

  constructor(from: string, to: string, rules: LinkRules) {
    this.name = linkName(from, to);
    this.hash = hashString(this.name);
    this.from = from;
    this.to = to;
    this.rules = rules;
  }

  /** Is there a fault that lets no message of this type through? */
  isCut(type: string): boolean {
    if (this.isQuiet()) return false;
    for (const effect of this.effects.values()) {
      if (effect.isCut === true && concerns(effect, type)) return true;
    }
    return false;
  }

  /** Let the faults in force shape the fate of a message. */
  shape(fate: Fate, lane: Lane, bytes: number): void {
    if (this.isQuiet()) return;
    for (const effect of this.effects.values()) {
      if (effect.shape !== undefined && concerns(effect, lane.type))
        effect.shape(fate, lane, bytes);
    }
  }

  /** What holds messages of this type on their arrival, if anything does. */
  holder(type: string): ((release: () => void) => void) | undefined {
    if (this.isQuiet()) return undefined;
    for (const effect of this.effects.values()) {
      if (effect.holds !== undefined && concerns(effect, type)) return effect.holds;
    }
    return undefined;
  }

  /** Tell the faults that count messages under way that one has set out, or has arrived. */
  tell(what: 'sent' | 'arrived', flight: Flight): void {
    if (this.isQuiet()) return;
    for (const effect of this.effects.values()) {
      if (concerns(effect, flight.lane.type)) effect[what]?.(flight);
    }
  }

  /** No fault covers this link: the usual case, and the hot one. */
  private isQuiet(): boolean {
    if (this.version !== this.rules.version) this.refresh();
    return !this.hasEffects;
  }

  /** Look up which rules cover this link; effects of those still in force keep their state. */
  private refresh(): void {
    this.version = this.rules.version;
    const before = this.effects;
    this.effects = new Map();
    for (const rule of this.rules.inForce) {
      if (!rule.covers(this.from, this.to)) continue;
      this.effects.set(rule, before.get(rule) ?? rule.effectOn(this));
    }
    this.hasEffects = this.effects.size > 0;
  }
}

function concerns({ types }: LinkEffect, type: string): boolean {
  return types === undefined || types.has(type);
}

/** `from>to`: how plans and streams name a link. */
export function linkName(from: string, to: string): string {
  return `${from}>${to}`;
}
