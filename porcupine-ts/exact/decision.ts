/**
 * What an exact algorithm says of one part of a history. Operations are numbered as the part
 * numbers them.
 */
export type Decision =
  | {
      readonly verdict: 'ok';
      /**
       * A linearization: every operation that returned, and of the pending ones those whose effect
       * is needed. The checker certifies it: an `ok` is never taken on trust.
       */
      readonly order: ArrayLike<number>;
    }
  | ({ readonly verdict: 'illegal' } & Evidence);

/** Why a part is illegal. */
export interface Evidence {
  /**
   * The class of the reason, without keys, values, versions or clients, so that violations of one
   * cause can be grouped: `two puts at one version`.
   */
  readonly kind: string;
  /** The smallest reason known, for people: `two OK puts at version 50 of key "k"`. */
  readonly reason: string;
  /** The operation that breaks it: of those below, the one to look at first. */
  readonly culprit: number;
  /** The operations that the reason is about, the culprit among them; few. */
  readonly operations: readonly number[];
}
