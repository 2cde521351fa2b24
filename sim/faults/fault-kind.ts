import type { Network } from '../network/network.ts';
import type { Streams } from '../random/streams.ts';

/** What every fault action of a plan has. Kinds add their own fields. */
export interface FaultBase {
  /** Names the action and its streams (`fault/<id>/...`). Never renumbered. */
  readonly id: string;
  /** When it starts, in ms of virtual time. */
  readonly atMs: number;
  /** When it ends; absent = it lasts until the world is healed. */
  readonly untilMs?: number | undefined;
}

/** What a fault can do to the world. */
export interface FaultSite {
  readonly network: Network;
  readonly streams: Streams;
  /** The nodes that faults may name. */
  targets(): string[];
  /** Crash a node, if it is up, and keep it down. */
  holdDown(id: string): void;
  /** Start it again, unless another fault holds it down. */
  letUp(id: string): void;
}

/** One kind of fault: a file of this folder. */
export interface FaultKind<A extends FaultBase> {
  /** The field that names nodes, for messages. */
  readonly field: string;
  /** Every node that the action names. */
  targets(action: A): readonly string[];
  /** What is wrong with an action, if anything, and in which field. */
  problem?(action: A): { readonly field: string; readonly why: string } | undefined;
  /** Begin. Returns what ends it again. */
  start(site: FaultSite, action: A): () => void;
}
