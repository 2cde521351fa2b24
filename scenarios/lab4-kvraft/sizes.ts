import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import type { Tester } from '../define/tester.ts';
import type { KvReplicas } from './cluster.ts';

/** Raft's state may grow to so many times the size at which snapshots are taken. */
const STATE_FACTOR = 8;

/** Snapshots keep Raft's state small; and there are none if none are asked for. */
export function checkSizes(
  t: Pick<Tester<unknown, ReplicatedKvLayers>, 'expect' | 'expectWithin'>,
  replicas: Pick<KvReplicas<unknown>, 'stateSize' | 'snapshotSize'>,
  maxRaftState: number,
): void {
  if (maxRaftState < 0) {
    const snapshot = replicas.snapshotSize();
    t.expect('no snapshots unless they are asked for', snapshot === 0, () => {
      return `a server has taken one of ${snapshot} bytes`;
    });
    return;
  }
  const bytes = replicas.stateSize();
  const most = STATE_FACTOR * maxRaftState;
  t.expectWithin('size of the persisted state', bytes <= most, () => {
    return `a server has persisted ${bytes} bytes, at most ${most} are allowed`;
  });
}
