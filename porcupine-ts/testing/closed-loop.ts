import { ILLEGAL, type Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';
import type { RandomSource } from './random-source.ts';

/** What a test knows about a model in order to produce histories of it. */
export interface Workload<S, I, O> {
  readonly model: Model<S, I, O>;
  /** Something that the client may ask next; `states` are the true ones at this moment. */
  ask(random: RandomSource, client: number, stateOf: (input: I) => S): I;
  /** What a correct object answers. May pick among several answers. */
  answer(random: RandomSource, state: S, input: I): O;
}

/** How many clients do how much. */
export interface LoopOptions {
  readonly operations: number;
  readonly clients: number;
  /** Operations that never return, in percent; about half of them have their effect. Default 0. */
  readonly pendingPercent?: number;
}

/** A call that has not returned. */
interface OpenCall<I, O> {
  readonly input: I;
  readonly call: number;
  /** Is it never going to return? */
  readonly crashes: boolean;
  /** The answer, once the call has had its effect. */
  readonly output?: O;
}

/**
 * A linearizable history: clients that call, have their effect and return, in random interleaving,
 * against one object per key. Stamps are distinct, and operations are ordered by return or crash.
 * Calls that are open when there are enough operations are added as pending.
 */
export function closedLoop<S, I, O>(
  workload: Workload<S, I, O>,
  options: LoopOptions,
  random: RandomSource,
): Operation<I, O>[] {
  const { model } = workload;
  const states = new Map<string, S>();
  const keyOf = (input: I): string => model.partitionKey?.(input) ?? '';
  const stateOf = (input: I): S => states.get(keyOf(input)) ?? model.init();
  const open = new Map<number, OpenCall<I, O>>();
  const history: Operation<I, O>[] = [];
  for (let clock = 0; history.length < options.operations; clock++) {
    const client = random.below(options.clients);
    const current = open.get(client);
    if (current === undefined) {
      const input = workload.ask(random, client, stateOf);
      const crashes = random.chance(options.pendingPercent ?? 0);
      open.set(client, { input, call: clock, crashes });
      continue;
    }
    const { input, call, crashes, output } = current;
    if (output !== undefined || (crashes && random.chance(50))) {
      const end = crashes ? {} : { output, return: clock };
      history.push({ clientId: client, input, call, ...end });
      open.delete(client);
      continue;
    }
    const answer = workload.answer(random, stateOf(input), input);
    const after = model.step(stateOf(input), input, answer);
    if (after === ILLEGAL) {
      // It has to wait, as for a lock. It may crash meanwhile, or clients could wait in a circle.
      open.set(client, { input, call, crashes: random.chance(20) });
      continue;
    }
    states.set(keyOf(input), after);
    open.set(client, { ...current, output: answer });
  }
  // The run is over. Calls that did not return may have had their effect.
  for (const [clientId, { input, call }] of open) history.push({ clientId, input, call });
  return history;
}
