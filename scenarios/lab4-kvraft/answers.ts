import { carryOut, type MakeRsm, type RsmHost, type StateMachine } from '../../raft/index.ts';
import { hashString } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

type Judge = Pick<Tester<unknown, unknown>, 'expect' | 'expectWithin' | 'count' | 'probe'>;

/** Whoever was first to carry out the request at an index, and what it answered. */
interface First {
  readonly node: string;
  readonly request: string;
  readonly answer: string;
  /** Of both in full, if they are too long to be kept; otherwise 0. */
  readonly hash: number;
}

/** A state machine in the present life of its server. */
interface Present {
  readonly machine: StateMachine;
  /**
   * Index of the last request that it has carried out, 0 at first; undefined = none since a
   * snapshot.
   */
  last: number | undefined;
}

/**
 * A snapshot while Raft's state is smaller than this part of what it may be comes too early: each
 * costs as much as the whole state of the service.
 */
const EARLY = 4;

/** Longer requests and answers are not kept in full, in characters. */
const LONG = 100;

/** All replicas answer alike: what the first one says at an index the others must say, too. */
export class Answers {
  private readonly t: Judge;
  private readonly firsts: First[] = [];
  private readonly present = new Map<string, Present>();

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

  /** Has a server carried out all that any has, or got it by a snapshot? */
  hasAll(node: string): boolean {
    const last = this.present.get(node)?.last;
    return last === undefined || last === Math.max(0, this.firsts.length - 1);
  }

  /** The state of its service, as a snapshot; to be called in an event of the server. */
  stateOf(node: string): string | undefined {
    return this.present.get(node)?.machine.snapshot();
  }

  private judgedMachine(
    node: string,
    { persister, maxRaftState }: RsmHost,
    machine: StateMachine,
    life: { readonly isUp: boolean },
  ): StateMachine {
    let last = 0;
    const present: Present = { machine, last: 0 };
    this.present.set(node, present);
    const { read } = machine;
    return {
      doOp: (request, index) => {
        if (index === undefined) return machine.doOp(request);
        this.t.expect('requests are carried out in order', index > last, () => {
          return `${node} carries out index ${index} after ${last}`;
        });
        last = index;
        present.last = index;
        // Whatever layer runs the machine.
        const answer = carryOut(machine, node, index, request);
        this.compare(node, index, request, answer);
        return answer;
      },
      snapshot: () => {
        const size = persister.stateSize();
        const isTime = maxRaftState >= 0 && size * EARLY >= maxRaftState;
        this.t.expectWithin('snapshots are taken when they are due', isTime, () => {
          return `${node} takes one at ${size} bytes of Raft state; ${maxRaftState} are allowed`;
        });
        this.t.count('snapshots taken');
        return machine.snapshot();
      },
      restore: (snapshot) => {
        present.last = undefined;
        machine.restore(snapshot);
        // A server that comes up restores its own.
        if (!life.isUp) return;
        this.t.count('snapshots installed');
        this.t.probe('a snapshot was installed');
      },
      ...(read === undefined ? {} : { read: (question: unknown) => read.call(machine, question) }),
    };
  }

  private compare(node: string, index: number, request: unknown, answer: unknown): void {
    const texts = [textOf(request), textOf(answer)] as const;
    const mine: First = {
      node,
      request: shorten(texts[0]),
      answer: shorten(texts[1]),
      hash: texts.some((text) => text.length > LONG) ? hashString(texts.join()) : 0,
    };
    const first = (this.firsts[index] ??= mine);
    const isAlike =
      first.request === mine.request && first.answer === mine.answer && first.hash === mine.hash;
    this.t.expect('replicas answer alike', isAlike, () => {
      const here = `${node} carries out ${mine.request} at index ${index}`;
      const there = `${first.node} did ${first.request} there`;
      return `${here} and answers ${mine.answer}; ${there} and answered ${first.answer}`;
    });
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

/** Beginning and end: versions and errors come last. */
function shorten(text: string): string {
  return text.length <= LONG ? text : `${text.slice(0, 60)}...${text.slice(-40)}`;
}
