import { scale } from '../random/bits.ts';
import type { Random } from '../random/random.ts';
import type { Lane, Link } from '../network/link.ts';
import type { Fate, LinkEffect } from '../network/link-rules.ts';
import type { FaultSite, Lift } from './fault-kind.ts';
import { describeTarget, nodesOf, type Messages, type NodeTarget } from './target.ts';

/**
 * Let a fault act on the messages that it names, on links of today and of tomorrow; those of immune
 * nodes are spared.
 */
export function onMessages(
  site: FaultSite,
  messages: Messages,
  effectOn: (link: Link) => Omit<LinkEffect, 'types'>,
): Lift {
  const types = messages.types === undefined ? undefined : new Set(messages.types);
  const isMeant = linksOf(messages);
  const covers = (from: string, to: string): boolean =>
    isMeant(from, to) && !site.isImmune(from) && !site.isImmune(to);
  return site.network.addRule({ covers, effectOn: (link) => ({ ...effectOn(link), types }) });
}

/** Does a fault that names these messages cover a link? */
export function linksOf({ from, to, between }: Messages): (from: string, to: string) => boolean {
  const isFrom = among(from);
  const isTo = among(to);
  const [isOne, isOther] = [among(between?.[0]), among(between?.[1])];
  return (a, b) => isFrom(a) && isTo(b) && ((isOne(a) && isOther(b)) || (isOne(b) && isOther(a)));
}

function among(target: NodeTarget | undefined): (id: string) => boolean {
  if (target === undefined) return () => true;
  const ids = new Set(nodesOf(target));
  return (id) => ids.has(id);
}

/**
 * An effect that draws for every message, from the stream of this action, link and type. The number
 * of draws a message is fixed, so that none shifts those of others.
 */
export function shaping(
  { streams }: FaultSite,
  id: string,
  shape: (fate: Fate, draws: Random, lane: Lane, bytes: number) => void,
): (link: Link) => Omit<LinkEffect, 'types'> {
  return (link) => {
    const lanes = new Map<Lane, Random>();
    return {
      shape(fate, lane, bytes) {
        let draws = lanes.get(lane);
        if (draws === undefined) {
          draws = streams.stream(`fault/${id}/${link.name}/${lane.type}`);
          lanes.set(lane, draws);
        }
        shape(fate, draws, lane, bytes);
      },
    };
  };
}

/** True with a probability in parts per million; always one draw. */
export function happens(draws: Random, ppm: number): boolean {
  return scale(draws.uint32(), 1_000_000) < ppm;
}

/** A time from a range of whole ms, in µs; always one draw. */
export function drawUs(draws: Random, [lo, hi]: readonly [number, number]): number {
  return (lo + scale(draws.uint32(), hi - lo + 1)) * 1000;
}

/** `get, put of c0 > server`. */
export function describeMessages({ from, to, between, types }: Messages): string {
  const what = types === undefined ? '' : `${types.join(', ')} of `;
  if (between === undefined) return `${what}${describeTarget(from)} > ${describeTarget(to)}`;
  return `${what}${between.map(describeTarget).join(' - ')}`;
}
