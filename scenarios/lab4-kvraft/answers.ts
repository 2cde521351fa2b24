import {
  type MakeRsm,
  type RsmHost,
  type StateMachine,
  StateMachineError,
} from '../../raft/index.ts';
import { CrashSignal } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

type Judge = Pick<Tester<unknown, unknown>, 'expect' | 'expectWithin' | 'count' | 'probe'>;

/** Whoever was first to carry out the request at an index, and what it answered. */
interface First {
  readonly node: string;
  readonly request: string;
  readonly answer: string;
}

/** The requests that a server has carried out since it last restored a snapshot, by index. */
interface CarriedOut {
  readonly first: number;
  last: number;
}

/**
 * A snapshot while Raft's state is smaller than this part of what it may be comes too early: each
 * costs as much as the whole state of the service.
 */
const EARLY = 4;

/** All replicas answer alike: what the first one says at an index the others must say, too. */
export class Answers {
  /** How often a server that was up took over a snapshot of another one. */
  installed = 0;
  private readonly t: Judge;
  private readonly firsts: First[] = [];
  private readonly carriedOut = new Map<string, CarriedOut>();

  constructor(t: Judge) {
    this.t = t;
  }

  /** The layer as it is, with every state machine judged. */
  judged(make: MakeRsm): MakeRsm {
    const judged: MakeRsm = (env, host, machine) => {
      const life = { isUp: false };
      const rsm = make(env, host, this.judgedMachine(env.id, host, machine, life));
      life.isUp = true;
      return rsm;
    };
    return Object.assign(judged, { isSynchronous: make.isSynchronous === true });
  }

  /** Index of the last request that any replica has carried out; 0 = none is known. */
  get last(): number {
    return Math.max(0, this.firsts.length - 1);
  }

  /**
   * Has a server carried out all requests from an index to the last one, each by itself? Then its
   * answers have been compared: what it got by a snapshot of another server shows in them.
   */
  hasAllSince(node: string, index: number): boolean {
    const { first, last } = this.carriedOut.get(node) ?? { first: Infinity, last: 0 };
    return first <= index && last === this.last;
  }

  private judgedMachine(
    node: string,
    { persister, maxRaftState }: RsmHost,
    machine: StateMachine,
    life: { readonly isUp: boolean },
  ): StateMachine {
    let last = 0;
    this.carriedOut.delete(node);
    const { read } = machine;
    return {
      doOp: (request, index) => {
        if (index === undefined) return machine.doOp(request);
        this.t.expect('requests are carried out in order', index > last, () => {
          return `${node} carries out index ${index} after ${last}`;
        });
        last = index;
        this.carriedOutNow(node, index);
        const answer = carryOut(machine, node, index, request);
        this.compare(node, index, request, answer);
        return answer;
      },
      snapshot: () => {
        const size = persister.stateSize();
        const isTime = maxRaftState >= 0 && size * EARLY >= maxRaftState;
        this.t.expectWithin('snapshots are taken when they are due', isTime, () => {
          return `${node} takes one at ${size} bytes of Raft state, where ${maxRaftState} are allowed`;
        });
        this.t.count('snapshots taken');
        return machine.snapshot();
      },
      restore: (snapshot) => {
        this.carriedOut.delete(node);
        machine.restore(snapshot);
        // A server that comes up restores its own.
        if (!life.isUp) return;
        this.installed++;
        this.t.count('snapshots installed');
        this.t.probe('a snapshot was installed');
      },
      ...(read === undefined ? {} : { read: (question: unknown) => read.call(machine, question) }),
    };
  }

  private carriedOutNow(node: string, index: number): void {
    const before = this.carriedOut.get(node);
    if (before === undefined) this.carriedOut.set(node, { first: index, last: index });
    else before.last = index;
  }

  private compare(node: string, index: number, request: unknown, answer: unknown): void {
    const mine: First = { node, request: textOf(request), answer: textOf(answer) };
    const first = (this.firsts[index] ??= mine);
    const isAlike = first.request === mine.request && first.answer === mine.answer;
    this.t.expect('replicas answer alike', isAlike, () => {
      const here = `${node} carries out ${mine.request} at index ${index} and answers ${mine.answer}`;
      return `${here}; ${first.node} did ${first.request} there and answered ${first.answer}`;
    });
  }
}

/** Whatever layer runs the machine: if it fails, it is known where and on what. */
function carryOut(machine: StateMachine, node: string, index: number, request: unknown): unknown {
  try {
    return machine.doOp(request, index);
  } catch (error) {
    if (error instanceof CrashSignal) throw error;
    throw new StateMachineError(node, index, request, error);
  }
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 100 ? text : `${text.slice(0, 100)}...`;
}
