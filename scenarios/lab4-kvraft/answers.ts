import type { MakeRsm, StateMachine } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';

/** Whoever was first to carry out the request at an index, and what it answered. */
interface First {
  readonly node: string;
  readonly request: string;
  readonly answer: string;
}

/** All replicas answer alike: what the first one says at an index the others must say, too. */
export class Answers {
  private readonly t: Pick<Tester<unknown, unknown>, 'expect'>;
  private readonly firsts: First[] = [];

  constructor(t: Pick<Tester<unknown, unknown>, 'expect'>) {
    this.t = t;
  }

  /** The layer as it is, with every state machine judged. */
  judged(make: MakeRsm): MakeRsm {
    const judged: MakeRsm = (env, host, machine) =>
      make(env, host, this.judgedMachine(env.id, machine));
    return Object.assign(judged, { isSynchronous: make.isSynchronous === true });
  }

  private judgedMachine(node: string, machine: StateMachine): StateMachine {
    let last = 0;
    const { read } = machine;
    return {
      doOp: (request, index) => {
        const answer = machine.doOp(request, index);
        if (index === undefined) return answer;
        this.t.expect('requests are carried out in order', index > last, () => {
          return `${node} carries out index ${index} after ${last}`;
        });
        last = index;
        this.compare(node, index, request, answer);
        return answer;
      },
      snapshot: () => machine.snapshot(),
      restore(snapshot) {
        machine.restore(snapshot);
      },
      ...(read === undefined ? {} : { read: (question: unknown) => read.call(machine, question) }),
    };
  }

  private compare(node: string, index: number, request: unknown, answer: unknown): void {
    const mine: First = { node, request: textOf(request), answer: textOf(answer) };
    const first = (this.firsts[index] ??= mine);
    const isAlike = first.request === mine.request && first.answer === mine.answer;
    this.t.expect('replicas answer alike', isAlike, () => {
      const said = ({ request: what, answer: how }: First): string => `${what} with ${how}`;
      const here = `${node} answers ${said(mine)} at index ${index}`;
      return `${here}; ${first.node} answered ${said(first)} there`;
    });
  }
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 100 ? text : `${text.slice(0, 100)}...`;
}
