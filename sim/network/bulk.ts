/** As far as sums stay exact: a petabyte. */
const MOST_BYTES = 1e15;

/** A reply that stands for more bytes than it carries. */
export class BulkReply {
  readonly reply: unknown;
  readonly bytes: number;

  constructor(reply: unknown, bytes: number) {
    this.reply = reply;
    this.bytes = bytes;
  }
}

/**
 * What a handler returns whose answer is large: `bytes` without content on top of what `reply`
 * carries. They are counted and take their time on network cards, as one piece; the caller gets
 * `reply`.
 * @throws RangeError if that is no size
 */
export function bulk(reply: unknown, bytes: number): BulkReply {
  return new BulkReply(reply, sizeOf('bulk', bytes));
}

/** @throws RangeError naming the call, unless it is a whole number of bytes */
export function sizeOf(what: string, bytes: number | undefined): number {
  if (bytes === undefined) return 0;
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= MOST_BYTES) return bytes;
  throw new RangeError(`${what}: expected bytes, a whole number up to ${MOST_BYTES}, got ${bytes}`);
}
