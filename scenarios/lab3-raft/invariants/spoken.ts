import type { ObservedServer } from './observed-server.ts';

/** A message that a server has sent or taken in the event that is just over. */
export interface Spoken {
  readonly method: string;
  readonly args: unknown;
  /** Undefined for a request. */
  readonly reply: unknown;
  /** Has the server sent it, or taken it? */
  readonly isOwn: boolean;
}

/** A property of a server and the messages that it sends and takes. */
export interface MessageInvariant {
  readonly name: string;
  /** @returns what is wrong, in a sentence; undefined = nothing */
  spoke(server: ObservedServer, message: Spoken): string | undefined;
}

/** The term that a message carries, if any. */
export function termOf({ args, reply }: Spoken): number | undefined {
  const { term } = (reply ?? args ?? {}) as { readonly term?: unknown };
  return typeof term === 'number' ? term : undefined;
}

/** Does a reply say yes? */
export function isPositive(reply: unknown, field: 'voteGranted' | 'success'): boolean {
  return (reply as Readonly<Record<string, unknown>> | undefined)?.[field] === true;
}
