import { CrashSignal } from '../../sim/index.ts';
import type { StateMachine } from './contract.ts';

/** A state machine that failed on a request: a bug of the service, the same on every replica. */
export class StateMachineError extends Error {
  override readonly name = 'StateMachineError';

  constructor(node: string, index: number, request: unknown, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const command = textOf(request).slice(0, 200);
    super(`the state machine of ${node} fails at index ${index} on ${command}: ${reason}`, {
      cause,
    });
  }
}

/**
 * Have a state machine carry a request out. If it fails, it is known where and on what.
 * @throws StateMachineError
 */
export function carryOut(
  machine: StateMachine,
  node: string,
  index: number,
  request: unknown,
): unknown {
  try {
    const result = machine.doOp(request, index);
    // Of which nobody could say when it is carried out, nor what all others answer.
    if (isPromise(result)) throw new TypeError('it answers with a promise');
    return result;
  } catch (error) {
    if (error instanceof CrashSignal || error instanceof StateMachineError) throw error;
    throw new StateMachineError(node, index, request, error);
  }
}

/** The state machine on one server, and how far it has come. */
export class Replica {
  /** Index of the last request that it has carried out, or has in its snapshot. */
  lastApplied = 0;
  private readonly node: string;
  private readonly machine: StateMachine;
  /** Questions for later, by the index that they wait for. */
  private readonly questions = new Map<number, (() => void)[]>();

  constructor(node: string, machine: StateMachine) {
    this.node = node;
    this.machine = machine;
  }

  /** @throws StateMachineError */
  carryOut(index: number, request: unknown): unknown {
    const result = carryOut(this.machine, this.node, index, request);
    this.reach(index);
    return result;
  }

  /** A snapshot of the machine, with the index up to which it goes. */
  snapshot(): string {
    return `${this.lastApplied} ${this.machine.snapshot()}`;
  }

  restore(snapshot: string): void {
    const end = snapshot.indexOf(' ');
    this.machine.restore(snapshot.slice(end + 1));
    this.reach(Number(snapshot.slice(0, end)));
  }

  /** See {@link Rsm.readAt}. */
  readAt(index: number, question: unknown, done: (answer: unknown) => void): void {
    const answer = (): void => done(this.machine.read?.(question));
    if (index <= this.lastApplied) return answer();
    this.questions.set(index, [...(this.questions.get(index) ?? []), answer]);
  }

  private reach(index: number): void {
    const { questions } = this;
    this.lastApplied = index;
    if (questions.size === 0) return;
    for (const waiting of [...questions.keys()].toSorted((a, b) => a - b)) {
      if (waiting > index) return;
      for (const answer of questions.get(waiting)!) answer();
      questions.delete(waiting);
    }
  }
}

/** Whatever it is: some values have no JSON, and this must name all of them. */
function textOf(request: unknown): string {
  try {
    return JSON.stringify(request) ?? 'nothing';
  } catch {
    return String(request);
  }
}

function isPromise(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'then' in result;
}
