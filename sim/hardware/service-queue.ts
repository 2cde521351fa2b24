/** Told of a piece of work: since when it waits, and from when to when it is done, in µs. */
export type Served = (askedUs: number, fromUs: number, untilUs: number) => void;

/**
 * First come, first served, by one server or by several alike. Whatever has been asked for is known
 * to the end, so a queue is a number for each server, and a piece of work costs one addition: no
 * list, and no event but the one that the asker wants at the end.
 */
export class ServiceQueue {
  /** By server: when it has done all that it was given, in µs. */
  private readonly freeUs: number[];

  private readonly served: Served | undefined;

  constructor(servers: number = 1, served?: Served) {
    this.served = served;
    this.freeUs = Array.from({ length: servers }, () => 0);
  }

  /** When the first server has nothing more to do, in µs. */
  get readyUs(): number {
    let first = this.freeUs[0] as number;
    for (const at of this.freeUs) if (at < first) first = at;
    return first;
  }

  /**
   * Put a piece of work of `serviceUs` at the end of the queue, which is there at `fromUs`.
   * @param askedUs since when it has been waiting for that
   * @returns when it is done
   */
  serve(fromUs: number, serviceUs: number, askedUs: number = fromUs): number {
    const server = this.pick(fromUs);
    const end = Math.max(this.freeUs[server] as number, fromUs) + serviceUs;
    this.freeUs[server] = end;
    if (this.served !== undefined) this.served(askedUs, end - serviceUs, end);
    return end;
  }

  /**
   * The server that idled last before `fromUs`, or else the first that is free later. Work that is
   * known before it is there leaves the others to those who come meanwhile.
   */
  private pick(fromUs: number): number {
    const { freeUs } = this;
    let best = 0;
    for (let i = 1; i < freeUs.length; i++) {
      const [at, bestAt] = [freeUs[i] as number, freeUs[best] as number];
      if (at <= fromUs ? bestAt > fromUs || at > bestAt : at < bestAt) best = i;
    }
    return best;
  }
}

/** How long so many bytes take, in whole µs. */
export function transferUs(bytes: number, bytesPerMs: number): number {
  return Math.ceil((bytes * 1000) / bytesPerMs);
}
