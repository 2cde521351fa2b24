import type { Layers } from './scenario.ts';
import type { ViolationClass } from './verdict.ts';

/** A textual change of a module that somebody else wrote. */
export interface Edit {
  /** Path from the root of the package. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

/**
 * A deliberately wrong variant of one rule, one port or one contract. It changes exactly one seam;
 * the scenarios must catch it.
 */
export interface Specimen {
  /** `KV3`. */
  readonly id: string;
  readonly lab: number;
  readonly title: string;
  readonly seam: 'rule' | 'port' | 'contract';
  /** What it breaks, in a sentence. */
  readonly guarantee: string;
  readonly class: ViolationClass;
  /** What one learns from it. */
  readonly lesson: string;
  /** The scenarios in which it shows, the best one first. */
  readonly scenarios: readonly string[];
  /** Wrong layers of ours; or {@link edit}. */
  readonly layers?: Layers;
  /** One edit of an independent implementation. */
  readonly edit?: Edit;
}
