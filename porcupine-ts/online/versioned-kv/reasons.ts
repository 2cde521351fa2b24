import { describeOperation } from '../../explain/describe.ts';
import type { Model } from '../../model.ts';
import type {
  VersionedKvInput,
  VersionedKvOutput,
  VersionedKvState,
} from '../../models/versioned-kv-operation.ts';
import type { OnlineEvidence } from '../online-part.ts';
import { type KvOperation, lastGap, type VersionRecord } from './version-record.ts';

type KvModel = Model<VersionedKvState, VersionedKvInput, VersionedKvOutput>;
type KvEvidence = OnlineEvidence<VersionedKvInput, VersionedKvOutput>;

/** How many operations a reason that has no smaller form is about, at most. */
const OPERATIONS_MAX = 10;

/** The reasons why a key of versioned KV is illegal, in words. */
export class Reasons {
  private readonly model: KvModel;

  constructor(model: KvModel) {
    this.model = model;
  }

  /** The answer is wrong whatever the state. */
  impossible(operation: KvOperation): KvEvidence {
    return {
      kind: 'an answer that is never right',
      reason: `${this.words(operation)}: no state of the key allows this answer`,
      culprit: operation,
      operations: [operation],
    };
  }

  /** The operation can only have taken effect before `version`, and was called too late for it. */
  late(operation: KvOperation, version: number, passedBy: KvOperation): KvEvidence {
    const what = operation.input.op === 'get' ? 'a stale get' : 'a put at a version of the past';
    return {
      kind: what,
      reason:
        `${this.words(operation)} was called after version ${version} of the key was there ` +
        `for certain, by ${this.words(passedBy)}`,
      culprit: operation,
      operations: [passedBy, operation],
    };
  }

  twoOk(version: number, first: KvOperation, second: KvOperation): KvEvidence {
    return {
      kind: 'two OK puts at one version',
      reason:
        `two OK puts at version ${version} of key ${JSON.stringify(second.input.key)}: ` +
        `${this.words(first)} and ${this.words(second)}`,
      culprit: second,
      operations: [first, second],
    };
  }

  twoValues(version: number, first: KvOperation, second: KvOperation): KvEvidence {
    return {
      kind: 'two values of one version',
      reason:
        `version ${version} of key ${JSON.stringify(second.input.key)} has two values: ` +
        `${this.words(first)}, but ${this.words(second)}`,
      culprit: second,
      operations: [first, second],
    };
  }

  /** A get saw the version, and returned before it can have been created. */
  early(version: number, get: KvOperation): KvEvidence {
    return {
      kind: 'a version read before it can have been created',
      reason: `${this.words(get)} returned before version ${version} can have been created`,
      culprit: get,
      operations: [get],
    };
  }

  /**
   * There must be a version v + 1, and there is no instant at which it can have been created.
   *
   * @param v - the version before it, and what is known about it
   * @param writers - the puts that may have created v + 1
   * @param earliest - the first gap in which v can have been created
   * @param proof - the operation that tells that v + 1 was there when it returned
   */
  noPlace(
    v: number,
    record: VersionRecord,
    writers: readonly KvOperation[],
    earliest: number,
    proof: KvOperation,
  ): KvEvidence {
    const next = `version ${v + 1} of key ${JSON.stringify(proof.input.key)}`;
    if (writers.length === 0) {
      return {
        kind: 'a version that no put can have created',
        reason:
          `no put can have created ${next}, which was there for certain by ${this.words(proof)}` +
          (record.unsure.length > 0 ? '; the puts at the version before have other values' : ''),
        culprit: proof,
        operations: [proof, ...record.unsure].slice(0, OPERATIONS_MAX),
      };
    }
    const last = writers.reduce((a, b) => (lastGap(a) < lastGap(b) ? b : a));
    const { lastSeen } = record;
    if (lastSeen !== undefined && lastSeen.call > lastGap(last)) {
      return {
        kind: 'a version read after it was replaced',
        reason:
          `${this.words(lastSeen)} was called after ${next} was there for certain, ` +
          `by ${this.words(last)}`,
        culprit: lastSeen,
        operations: [last, lastSeen],
      };
    }
    if (lastGap(last) < earliest) {
      return {
        kind: 'a put that returned before its version can have been there',
        reason: `${this.words(last)} returned before version ${v} can have been created`,
        culprit: last,
        operations: [last],
      };
    }
    return this.noCommonPlace(next, record, writers);
  }

  private noCommonPlace(
    next: string,
    { lastSeen, firstSeen, left, refused }: VersionRecord,
    writers: readonly KvOperation[],
  ): KvEvidence {
    const culprit = writers[0]!;
    const others = [lastSeen, firstSeen, left, ...refused].filter((each) => each !== undefined);
    const involved = Array.from(new Set([...writers, ...others]));
    const named = involved.slice(0, OPERATIONS_MAX);
    return {
      kind: 'no place for the creation of a version',
      reason:
        `there is no instant at which ${next} can have been created that agrees with ` +
        named.map((operation) => this.words(operation)).join(', ') +
        (named.length < involved.length ? ` and ${involved.length - named.length} more` : ''),
      culprit,
      operations: named,
    };
  }

  private words(operation: KvOperation): string {
    return describeOperation(this.model, operation);
  }
}
