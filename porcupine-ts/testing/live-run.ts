import { ILLEGAL } from '../model.ts';
import type { OnlineChecker } from '../online/online-checker.ts';
import type { Workload } from './closed-loop.ts';
import type { RandomSource } from './random-source.ts';

/** How many clients do how much. */
export interface LiveOptions {
  readonly operations: number;
  readonly clients: number;
  /** Calls that are abandoned, in percent; about half of them have their effect. Default 0. */
  readonly abandonPercent?: number;
}

/** A call that has not settled. */
interface OpenCall<I, O> {
  readonly id: number;
  readonly input: I;
  /** The answer, once the call has had its effect. */
  readonly output?: O;
}

/**
 * Clients that call, have their effect and return, in random interleaving, against one correct
 * object per key that never has to wait, watched by a checker from event to event. Nothing is
 * written down, so that what grows is the checker's.
 *
 * @param onSettled - called with the number of operations that have settled, whenever one has
 */
export function liveRun<S, I, O>(
  { model, ask, answer }: Workload<S, I, O>,
  checker: OnlineChecker<S, I, O>,
  { operations, clients, abandonPercent = 0 }: LiveOptions,
  random: RandomSource,
  onSettled: (count: number) => void,
): void {
  const states = new Map<string, S>();
  const keyOf = (input: I): string => model.partitionKey?.(input) ?? '';
  const stateOf = (input: I): S => states.get(keyOf(input)) ?? model.init();
  const open = new Map<number, OpenCall<I, O>>();
  let called = 0;
  for (let settled = 0; settled < operations;) {
    const client = random.below(clients);
    const current = open.get(client);
    if (current === undefined) {
      const input = ask(random, client, stateOf);
      open.set(client, { id: called, input });
      checker.call(called++, client, input);
      continue;
    }
    const { id, input, output } = current;
    const crashes = random.chance(abandonPercent);
    if (output === undefined && !crashes) {
      const said = answer(random, stateOf(input), input);
      const after = model.step(stateOf(input), input, said);
      if (after === ILLEGAL) throw new Error('a workload whose operations never wait is needed');
      states.set(keyOf(input), after);
      open.set(client, { ...current, output: said });
      continue;
    }
    if (crashes) checker.abandon(id);
    else checker.return(id, output);
    open.delete(client);
    onSettled(++settled);
  }
}
