import type { CallHandler, Env, Peer } from '../sim/index.ts';
import type { Files } from './files.ts';
import type { JobCounts } from './job-table.ts';

/**
 * The contracts of lab 1 (labs.md §7), after "MapReduce: Simplified Data Processing on Large
 * Clusters" (OSDI 2004): what our coordinator, worker and applications offer, and what anybody's
 * must offer to stand in for them.
 */

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** What a user writes (§2.1). Both may take their time; neither keeps anything between calls. */
export interface Application {
  /**
   * All pairs of one piece of input.
   * @param file name of the file that it is from
   */
  map(file: string, content: string): Iterable<KeyValue> | Promise<Iterable<KeyValue>>;
  /** What all values of one key come to; in no particular order of values. */
  reduce(key: string, values: readonly string[]): string | Promise<string>;
  /** The same on the values of one map task, before they are sent (§4.3). Default: none. */
  combine?(key: string, values: readonly string[]): string;
  /** The reduce task of a key, below `reduces` (§4.1). Default: by the hash of the key. */
  partition?(key: string, reduces: number): number;
}

/**
 * Makes the application of a worker, in each of its lives. Most need nothing of the env; those that
 * sleep or count their likes do.
 */
export type MakeApplication = (env: Env) => Application;

/**
 * A piece of input: the lines of a file that begin between two places, in bytes; the whole file if
 * `from` is absent.
 */
export interface Split {
  readonly file: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Where map tasks leave their output: on the disk of their worker (§3.1), or on one for all. */
export type Intermediate = 'local' | 'shared';

/** What there is to do. */
export interface Job {
  /** One map task each. */
  readonly splits: readonly Split[];
  /** How many reduce tasks. */
  readonly reduces: number;
  readonly intermediate: Intermediate;
  /** A task that is not completed so long after it was handed out goes to another worker, in ms. */
  readonly expiryMs: number;
  /** Hand the last tasks out twice, when workers have nothing else to do (§3.6). */
  readonly backups: boolean;
  /** Skip records on which the application fails time and again (§4.6). Default: no. */
  readonly skipBadRecords?: boolean | undefined;
}

export type TaskKind = 'map' | 'reduce';

/** Somebody's attempt at a task. Attempts are numbered over the whole job, from 1. */
export interface Attempt {
  readonly kind: TaskKind;
  readonly task: number;
  readonly attempt: number;
}

/** The output of a map task. */
export interface MapOutput {
  readonly map: number;
  readonly attempt: number;
  /** Who made it, on its disk. */
  readonly worker: string;
}

export interface AssignArgs {
  readonly worker: string;
}

/** What a worker is to do next. */
export type AssignReply =
  | (Attempt & {
      readonly kind: 'map';
      readonly split: Split;
      readonly reduces: number;
      /** Lines to leave out, by their numbers from 0; absent = none may be. */
      readonly skip?: readonly BadRecord[] | undefined;
    })
  | (Attempt & {
      readonly kind: 'reduce';
      /** The same of keys. */
      readonly skip?: readonly BadRecord[] | undefined;
      /** It is about the outputs that counted after so many changes; see {@link OutputChange}. */
      readonly asOf: number;
      /** Those who hold them. */
      readonly holders: readonly string[];
    })
  /** Nothing to do just now. */
  | { readonly kind: 'wait' }
  /** The job is done. */
  | { readonly kind: 'exit' };

export interface CompleteArgs extends Attempt {
  readonly worker: string;
  /** Who hands its output out; see {@link WorkerHost.holder}. */
  readonly holder: string;
}

export interface CompleteReply {
  /** Does its output count? Otherwise another attempt was first. */
  readonly isFirst: boolean;
}

/**
 * The output of a map task begins to count, or no longer does. Changes are numbered over the whole
 * job, from 1: what counted after so many of them never changes.
 */
export interface OutputChange {
  readonly at: number;
  readonly output: MapOutput;
  readonly counts: boolean;
}

/** A holder asks what has changed of the outputs that it holds. */
export interface ChangesArgs {
  readonly holder: string;
  /** How many changes it has heard of. */
  readonly known: number;
}

export interface ChangesReply {
  /** Those that it has not, in order. */
  readonly changes: readonly OutputChange[];
  /** The number of the latest change, whosever it was. */
  readonly asOf: number;
}

/** What an application fails on: a line of its piece of input, by its number from 0, or a key. */
export type BadRecord = number | string;

/** The last gasp of an attempt (§4.6). */
export interface GaspArgs extends Attempt {
  readonly records: readonly BadRecord[];
}

/** What a holder should have, and has not. */
export interface Loss {
  readonly holder: string;
  /** The map attempts whose outputs are gone; absent = it does not answer. */
  readonly gone?: readonly number[] | undefined;
}

/** A reduce attempt cannot go on: outputs of map tasks are gone with their holders. */
export interface LostArgs extends Attempt {
  readonly asOf: number;
  readonly losses: readonly Loss[];
}

/** A coordinator, as its RPC handlers. */
export interface Coordinator {
  readonly handlers: Readonly<Record<string, CallHandler>>;
  /** Is all output there? Asked from time to time, as the lab's main program does. */
  done(): boolean;
  /** What it has come to so far. Optional: nothing is judged by it. */
  counts?(): JobCounts;
}

export type MakeCoordinator = (env: Env, job: Job) => Coordinator;

/** What a worker stands on. */
export interface WorkerHost {
  /** Its coordinator. */
  readonly coordinator: Peer;
  /** Who hands out what this worker keeps on its disk; itself, if it is to answer for that. */
  readonly holder: string;
  /** A holder, to be asked for what it holds; undefined = it is all on this worker's own disk. */
  readonly peer: (holder: string) => Peer | undefined;
  /** The input of a map task. @throws Error if it cannot be read */
  readonly input: (split: Split) => Promise<string>;
  /** The file system of all, for outputs, as on GFS. */
  readonly files: Files;
}

/** Works until the job is done; a promise that resolves then. It may serve RPCs by `env.serve`. */
export type MakeWorker = (env: Env, host: WorkerHost, app: Application) => Promise<void>;

/** The layers of lab 1; a user's file exports any of them under these names. */
export interface MapReduceLayers {
  readonly makeCoordinator: MakeCoordinator;
  readonly makeWorker: MakeWorker;
}
