import type { Fate } from './link-rules.ts';

/** One message's fate, decided by the plan instead of its stream. */
export interface MessageOverride {
  /** `from>to`. */
  readonly link: string;
  /** Message type: a method for requests, `<method>.reply` for replies. */
  readonly type: string;
  /** Ordinal among the messages of this type on this link, from 0. */
  readonly n: number;
  readonly fate: OverrideFate;
}

/**
 * `drop`, `duplicate` (delivered twice), both after the time that the stream says; or a one-way
 * time in µs, of a message that arrives once unless it says otherwise. Overrides win over streams
 * and over faults that delay, lose or duplicate; not over those that cut or hold a link.
 */
export type OverrideFate =
  | 'drop'
  | 'duplicate'
  | { readonly delayUs: number; readonly and?: 'drop' | 'duplicate' | undefined };

/** The overrides of a plan, looked up by link, type and ordinal. */
export class Overrides {
  readonly total: number;
  private readonly lanes = new Map<string, Map<number, OverrideFate>>();
  private readonly used = new Set<string>();

  constructor(list: readonly MessageOverride[]) {
    this.total = list.length;
    for (const { link, type, n, fate } of list) {
      const lane = this.lanes.get(`${link} ${type}`) ?? new Map<number, OverrideFate>();
      lane.set(n, fate);
      this.lanes.set(`${link} ${type}`, lane);
    }
  }

  forLane(link: string, type: string): ReadonlyMap<number, OverrideFate> | undefined {
    return this.lanes.get(`${link} ${type}`);
  }

  /** Let the plan decide the fate of a message. */
  apply(override: OverrideFate, fate: Fate, link: string, type: string, n: number): void {
    this.used.add(`${link} ${type} ${n}`);
    const word = typeof override === 'string' ? override : override.and;
    fate.isLost = word === 'drop';
    fate.isDamaged = false;
    if (typeof override !== 'string') {
      fate.delayUs = Math.max(1, override.delayUs);
      fate.copies = 1;
    }
    if (word === 'duplicate') fate.copies = 2;
  }

  /** Overrides that found no message: the code has changed since they were recorded. */
  get unmatched(): number {
    return this.total - this.used.size;
  }
}

/** The override that repeats a fate. */
export function toOverride({ delayUs, isLost, copies }: Fate): OverrideFate {
  if (isLost) return { delayUs, and: 'drop' };
  return copies === 2 ? { delayUs, and: 'duplicate' } : { delayUs };
}
