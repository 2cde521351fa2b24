import type { StateMachine } from '../../raft/index.ts';
import type { GetArgs, PutArgs } from '../contract.ts';
import { serverRules, type Entry, type ServerRules } from '../server-rules.ts';

/** A request, as it stands in the log. */
export type KvRequest = ({ readonly op: 'get' } & GetArgs) | ({ readonly op: 'put' } & PutArgs);

/** How the machine is written down. */
export interface KvMachineRules extends ServerRules {
  /** What a snapshot says. */
  snapshotOf(entries: ReadonlyMap<string, Entry>): string;
  entriesOf(snapshot: string): Map<string, Entry>;
}

export const kvMachineRules: KvMachineRules = {
  ...serverRules,
  // Versions are part of the state: without them a put would match that must not.
  snapshotOf: (entries) =>
    JSON.stringify([...entries].map(([key, { value, version }]) => [key, value, version])),
  entriesOf(snapshot) {
    const rows = JSON.parse(snapshot) as [key: string, value: string, version: number][];
    return new Map(rows.map(([key, value, version]) => [key, { value, version }]));
  },
};

/** The server of lab 2 as a state machine. Gets are requests like any other (labs.md §8). */
export function kvMachine(rules: KvMachineRules): StateMachine {
  let entries = new Map<string, Entry>();
  return {
    doOp(request) {
      const args = request as KvRequest;
      if (args.op === 'get') return rules.answerGet(entries.get(args.key));
      if (args.op !== 'put') throw new Error('expected a get or a put');
      const entry = entries.get(args.key);
      const err = rules.judgePut(entry, args);
      if (err === 'OK') entries.set(args.key, rules.written(entry, args));
      return { err };
    },
    snapshot: () => rules.snapshotOf(entries),
    restore: (snapshot) => void (entries = rules.entriesOf(snapshot)),
    read: (key) => rules.answerGet(entries.get(key as string)),
  };
}
