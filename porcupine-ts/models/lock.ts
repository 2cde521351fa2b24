import { ILLEGAL, type Model } from '../model.ts';
import { CLIENT_ID, operationProblem, type OperationShape, TEXT } from './shape.ts';

/** Take or give back the lock `name` on behalf of `owner`. */
export interface LockInput {
  readonly op: 'acquire' | 'release';
  readonly name: string;
  readonly owner: string | number;
}

/** Both operations answer nothing: that they return says it all. */
export type LockOutput = Readonly<Record<string, never>>;

/** Who holds the lock; null = it is free. */
export type LockState = string | number | null;

const FIELDS: OperationShape = { input: { name: TEXT, owner: CLIENT_ID }, output: {} };
const SHAPES: Readonly<Record<string, OperationShape>> = { acquire: FIELDS, release: FIELDS };

/**
 * Locks by name, without leases or re-entrance.
 *
 * An acquire that returned took the lock while it was free; a release that returned gave back a
 * lock that its owner held. So two owners never hold it at a time, and nobody gives back what is
 * not theirs. A pending acquire may have taken the lock and never said so.
 */
export const lockModel: Model<LockState, LockInput, LockOutput> = {
  name: 'lock',
  partitionKey: (input) => input.name,
  init: () => null,
  step: (holder, { op, owner }, output) => {
    const legal = op === 'acquire' ? holder === null : holder === owner;
    if (legal) return op === 'acquire' ? owner : null;
    return output === undefined ? holder : ILLEGAL;
  },
  validate: (input, output) => operationProblem(SHAPES, input, output),
  describeOperation: ({ op, name, owner }, output) => {
    const answer = output === undefined ? ' -> ?' : '';
    return `${op}(${JSON.stringify(name)}) by ${JSON.stringify(owner)}${answer}`;
  },
  describeState: (holder) => (holder === null ? 'free' : `held by ${JSON.stringify(holder)}`),
};
