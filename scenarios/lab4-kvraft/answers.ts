import { type MakeRsm, type StateMachine, StateMachineError } from '../../raft/index.ts';
import { CrashSignal } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** Whoever was first to carry out the request at an index, and what it answered. */
interface First {
  readonly node: string;
  readonly request: string;
  readonly answer: string;
}

/** All replicas answer alike: what the first one says at an index the others must say, too. */
export class Answers {
  private readonly t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>;
  private readonly firsts: First[] = [];

  constructor(t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>) {
    this.t = t;
  }

  /** The layer as it is, with every state machine judged. */
  judged(make: MakeRsm): MakeRsm {
    const judged: MakeRsm = (env, host, machine) => {
      const life = { isUp: false };
      const rsm = make(env, host, this.judgedMachine(env.id, machine, life));
      life.isUp = true;
      return rsm;
    };
    return Object.assign(judged, { isSynchronous: make.isSynchronous === true });
  }

  private judgedMachine(
    node: string,
    machine: StateMachine,
    life: { readonly isUp: boolean },
  ): StateMachine {
    let last = 0;
    const { read } = machine;
    return {
      doOp: (request, index) => {
        if (index === undefined) return machine.doOp(request);
        this.t.expect('requests are carried out in order', index > last, () => {
          return `${node} carries out index ${index} after ${last}`;
        });
        last = index;
        const answer = carryOut(machine, node, index, request);
        this.compare(node, index, request, answer);
        return answer;
      },
      snapshot: () => machine.snapshot(),
      restore: (snapshot) => {
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
    const mine: First = { node, request: textOf(request), answer: textOf(answer) };
    const first = (this.firsts[index] ??= mine);
    const isAlike = first.request === mine.request && first.answer === mine.answer;
    this.t.expect('replicas answer alike', isAlike, () => {
      const here = `${node} carries out ${mine.request} at index ${index}`;
      const there = `${first.node} did ${first.request} there`;
      return `${here} and answers ${mine.answer}; ${there} and answered ${first.answer}`;
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
