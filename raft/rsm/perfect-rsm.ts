import { type Env, pack } from '../../sim/index.ts';
import type { MakeRsm, Rsm, RsmHost, StateMachine, SubmitResult } from './contract.ts';
import { Replica } from './replica.ts';

/**
 * A stand-in for Raft and the layer above it, which never fails: every server takes requests, and
 * each is carried out everywhere a fixed time later, in one order. Nodes do not talk to each other:
 * the log lives beside them, and outlives their crashes. For tests of services, and for whatever
 * wants to know what of its cost is consensus.
 *
 * The result is the layer for one cluster; make another one for the next.
 * @param latencyMs time from a request to its answer, and at most from that to all other servers;
 *   in ms, more than 0
 * @throws RangeError if it is not
 */
export function perfectRsm(latencyMs: number): MakeRsm {
  // Without latency the servers would look at the log for ever, at one instant.
  if (!(latencyMs > 0)) throw new RangeError(`expected more than 0 ms, got ${latencyMs}`);
  const log: unknown[] = [];
  const make: MakeRsm = (env: Env, { me }: RsmHost, machine: StateMachine): Rsm => {
    const replica = new Replica(env.id, machine);
    /** @returns the answer of the last request that is new here */
    const catchUp = (): unknown => {
      let result: unknown;
      while (replica.lastApplied < log.length) {
        result = replica.carryOut(replica.lastApplied + 1, log[replica.lastApplied]);
      }
      return result;
    };
    const watch = (): void => {
      catchUp();
      env.setTimer(latencyMs, watch);
    };
    const propose = (request: unknown, done: (result: SubmitResult) => void): void => {
      // A copy, as Raft's log has one.
      const { value } = pack(request);
      env.setTimer(latencyMs, () => {
        const index = log.push(value);
        done({ err: 'OK', result: catchUp(), index });
      });
    };
    watch();
    return {
      submit: (request) => new Promise((resolve) => propose(request, resolve)),
      propose,
      readAt: (index, question, done) => replica.readAt(index, question, done),
      getState: () => ({ term: 1, isLeader: true, leader: me }),
      handlers: {},
    };
  };
  return Object.assign(make, { isSynchronous: true });
}
