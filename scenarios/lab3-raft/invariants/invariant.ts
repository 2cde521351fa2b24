import type { Look, ObservedServer } from './observed-server.ts';

/** A property of all servers together, watched over one run (Figure 3 of the paper, and more). */
export interface RaftInvariant {
  readonly name: string;
  /**
   * A server has changed.
   * @param servers the last life of each that ever was, up or not
   * @returns what is wrong, in a sentence; undefined = nothing
   */
  look(look: Look, servers: ReadonlyMap<string, ObservedServer>): string | undefined;
}
