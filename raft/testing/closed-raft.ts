import type { MakeRaft, Raft } from '../contract.ts';

/** The same servers, as closed boxes: they show no view. */
export function closedRaft(
  make: MakeRaft,
  change: (raft: Raft) => Partial<Raft> = () => ({}),
): MakeRaft {
  const makeClosed: MakeRaft = (...args) => {
    const raft = make(...args);
    return {
      start: (command) => raft.start(command),
      getState: () => raft.getState(),
      snapshot: (index, snapshot) => raft.snapshot(index, snapshot),
      handlers: raft.handlers,
      ...change(raft),
    };
  };
  return Object.assign(makeClosed, { isSynchronous: make.isSynchronous === true });
}
