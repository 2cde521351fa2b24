/** A place in the code of a node that was reached just now. */
export type Reached =
  /** Its n-th env call of this life, counted from 1. */
  | { readonly call: number; readonly when: 'before' | 'after' }
  /** A point that the code names itself: {@link Env.point}. */
  | { readonly point: string };

/** Waits for a life to reach a place in its code, to crash it there. */
export interface Trap {
  /** Which life of the node; undefined = any. */
  readonly life: number | undefined;
  /** May crash the node, and then does not return. */
  reached(place: Reached): void;
}

/** Told of every env call, so that crash points can be enumerated. */
export type CallRecorder = (node: string, life: number, call: string, n: number) => void;
