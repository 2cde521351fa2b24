import type { Tester } from '../define/tester.ts';
import type { Cluster } from './cluster.ts';

/** What a cluster uses at one moment; of things that every server has the largest. */
export interface Usage {
  /** Entries after the snapshot; 0 of a server that shows no view. */
  'log entries': number;
  /** Length of the state that Raft has persisted. */
  'persisted bytes': number;
  'files on a disk': number;
  /** What all of a disk's files hold together. */
  'bytes on a disk': number;
  /** Messages, timers and everything else that is yet to come. */
  'events in the queue': number;
}

/** Settings that bounds depend on. */
interface Settings {
  readonly servers: number;
  readonly operationsPerSecond: number;
  readonly snapshotEvery: number;
}

/**
 * So long may commands pile up in a log without being committed, in s: until a leader that is cut
 * off has lost its clients, or until there is a new one.
 */
const BACKLOG_S = 4;
/** A record of one entry with a command of some bytes, and its checksum. */
const BYTES_PER_ENTRY = 60;
/** The same as a file with another checksum, or as a line of the one that holds the whole state. */
const DISK_BYTES_PER_ENTRY = 100;
/** What else is persisted: the snapshot, votes, terms. */
const BYTES_BESIDES = 2000;
const FILES_BESIDES = 50;
/**
 * Nobody syncs the removal of files that a snapshot has replaced. A crash brings back those that
 * the disk has not made durable by itself (`sim/disk/` keeps so many changes), until the next
 * snapshot. On a perfect disk there are none.
 */
const FILES_BROUGHT_BACK = 4096;
const EVENTS_BESIDES = 2000;

/** What a cluster may use: bounds that depend on its settings, never on its age. */
export function mostAllowed(
  { servers, operationsPerSecond, snapshotEvery }: Settings,
  isDiskPerfect: boolean,
): Usage {
  const entries = snapshotEvery + BACKLOG_S * operationsPerSecond;
  const files = entries + FILES_BESIDES + (isDiskPerfect ? 0 : FILES_BROUGHT_BACK);
  return {
    'log entries': entries,
    'persisted bytes': BYTES_PER_ENTRY * entries + BYTES_BESIDES,
    'files on a disk': files,
    'bytes on a disk': DISK_BYTES_PER_ENTRY * files + BYTES_BESIDES,
    'events in the queue': servers * entries + EVENTS_BESIDES,
  };
}

/** What a cluster uses now. */
export function usageOf(t: Tester<unknown, unknown>, cluster: Cluster<unknown>): Usage {
  const servers = cluster.ids.flatMap((_, i) => cluster.server(i) ?? []);
  const logs = servers.map(({ raft }) => raft.view?.().log);
  const disks = cluster.ids.map((id) => [...t.world.disk(id).files.values()]);
  const bytesOf = (files: (typeof disks)[number]): number =>
    files.reduce((sum, { content }) => sum + content.length, 0);
  return {
    'log entries': largest(logs.map((log) => (log ? log.lastIndex - log.snapshotIndex : 0))),
    'persisted bytes': largest(servers.map(({ persister }) => persister.stateSize())),
    'files on a disk': largest(disks.map((files) => files.length)),
    'bytes on a disk': largest(disks.map(bytesOf)),
    'events in the queue': t.world.kernel.queue.size,
  };
}

function largest(values: readonly number[]): number {
  return Math.max(0, ...values);
}
