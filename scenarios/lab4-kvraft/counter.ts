import type { StateMachine } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';

/** What a counter can be asked to do. Nobody may ever carry out a `dec`. */
export interface CounterRequest {
  readonly op: 'inc' | 'dec' | 'null';
}

/** The service of the official tests of 4A: an `inc` answers the value that it has led to. */
export class Counter implements StateMachine {
  value = 0;
  private readonly t: Pick<Tester<unknown, unknown>, 'expect'>;
  private readonly node: string;

  constructor(t: Pick<Tester<unknown, unknown>, 'expect'>, node: string) {
    this.t = t;
    this.node = node;
  }

  doOp(request: unknown): unknown {
    const { op } = request as CounterRequest;
    this.t.expect('what a minority was asked is not carried out', op !== 'dec', () => {
      return `${this.node} carries out a dec`;
    });
    if (op === 'inc') this.value++;
    else if (op !== 'null') throw new Error('expected inc, dec or null');
    return op === 'inc' ? { value: this.value } : {};
  }

  snapshot(): string {
    return String(this.value);
  }

  restore(snapshot: string): void {
    this.value = Number(snapshot);
  }
}
