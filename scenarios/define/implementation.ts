import type { Layers } from './scenario.ts';

/** Code under test: any subset of the layers of a scenario. */
export interface Implementation {
  /** What the user called it: a path, or a specimen's id. */
  readonly name: string;
  /** Evaluate it afresh: called once for each incarnation of each node. */
  evaluate(): Layers;
}

/** Ours, without any change. */
export const ours: Implementation = { name: 'ours', evaluate: () => ({}) };
