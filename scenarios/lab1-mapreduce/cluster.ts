import {
  fileServer,
  makeCoordinator,
  makeWorker,
  outputName,
  RecordError,
  remoteFiles,
  sequential,
  sharedFiles,
  type Application,
  type Coordinator,
  type Files,
  type Intermediate,
  type MakeApplication,
  type MapReduceLayers,
  type Split,
  type WorkerHost,
} from '../../mapreduce/index.ts';
import type { Env, World } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { Timeline } from './timeline.ts';
import { recordedFiles } from './recorded-files.ts';

/** Our implementation of lab 1. */
export const mapReduceLayers: MapReduceLayers = { makeCoordinator, makeWorker };

export const COORDINATOR = 'coordinator';
/** The machine that all files are on, if each worker has a disk of its own. */
export const FILES = 'files';
/** The disk of all, if they share one. */
const SHARED = 'shared';

export function workerIds(workers: number): string[] {
  return Array.from({ length: workers }, (_, i) => `w${i}`);
}

/** What a scenario wants of its cluster. */
export interface Setting {
  readonly workers: number;
  readonly splits: readonly Split[];
  /** Content of a piece of input. */
  readonly read: (split: Split) => string;
  readonly reduces: number;
  readonly makeApplication: MakeApplication;
  readonly intermediate: Intermediate;
  readonly expiryMs: number;
  readonly backups: boolean;
  /** Leave out records on which the application throws time and again. */
  readonly skipBadRecords?: boolean;
  /** Told that the application throws, before the run ends of that. */
  readonly onBadRecord?: (error: RecordError) => void;
  /** How often the coordinator is asked whether the job is done, in ms. */
  readonly pollMs: number;
  /** How long it stays after that, in ms. */
  readonly lingerMs: number;
  /** What {@link FILES} is; default: what the plan says of all machines. */
  readonly filesHardware?: string;
  /** Changes what a worker stands on. Default: nothing. */
  readonly hostOf?: (env: Env, host: WorkerHost) => WorkerHost;
}

type Run = Tester<unknown, MapReduceLayers>;

/** A coordinator and its workers, and what has become of their job. */
export class Cluster {
  readonly t: Run;
  readonly setting: Setting;
  /** Outputs as they were when the first of them left; undefined = nobody has left yet. */
  atFirstExit: readonly (string | undefined)[] | undefined = undefined;
  /** When the coordinator was told that the job is done, in ms; undefined = not yet. */
  doneMs: number | undefined = undefined;
  private coordinator: Coordinator | undefined = undefined;
  /** Those who have left. */
  private readonly gone = new Set<string>();
  /** By worker: how many calls of its application are under way. */
  private readonly calls = new Map<string, number>();
  /** Readers that have not come to their end. */
  private readonly reading = new Set<string>();
  /** The pieces of input that were read so far. */
  private readonly seen = new Set<string>();
  private readonly timeline: Timeline;
  private readonly outputNames: readonly string[];
  private readonly names: ReadonlySet<string>;

  constructor(t: Run, setting: Setting) {
    this.t = t;
    this.setting = setting;
    this.timeline = new Timeline(t);
    this.outputNames = Array.from({ length: setting.reduces }, (_, i) => outputName(i));
    this.names = new Set(this.outputNames);
    const { intermediate, filesHardware: hardware } = setting;
    if (intermediate === 'local') {
      const options = hardware === undefined ? {} : { hardware };
      t.addNode(FILES, (env) => env.serve(fileServer(env)), options);
    }
    t.addClient(COORDINATOR, (env) => this.coordinate(env));
    for (const id of workerIds(setting.workers)) this.add(id, (env) => this.work(env));
  }

  /** Add a client that can read the files. */
  addReader(id: string, program: (env: Env, files: Files) => Promise<void>): void {
    this.reading.add(id);
    this.add(id, async (env) => {
      await program(env, this.filesOf(env));
      this.reading.delete(id);
    });
  }

  /**
   * Resolves when the job is done, nobody reads, and all have left but those whose application is
   * at work: a machine that limped may be at it for long, and nobody waits for it any more.
   */
  async over(): Promise<void> {
    const { t, gone, calls, reading, setting } = this;
    const isFree = (id: string): boolean => gone.has(id) || (calls.get(id) ?? 0) > 0;
    const everybody = workerIds(setting.workers);
    while (!gone.has(COORDINATOR) || reading.size > 0 || !everybody.every(isFree)) {
      await t.sleep(setting.pollMs);
    }
  }

  /** What the outputs hold at present; undefined = there is no such file. */
  outputs(): readonly (string | undefined)[] {
    const { files } = this.outputDisk();
    return this.outputNames.map((name) => {
      const content = files.get(name)?.content;
      return content === undefined ? undefined : String(content);
    });
  }

  /** The disk that they are on. */
  private outputDisk(): ReturnType<World['disk']> {
    return this.t.world.disk(this.setting.intermediate === 'local' ? FILES : 'w0');
  }

  /**
   * All outputs together are what the application makes of the input without any cluster.
   * @param read the input, perhaps with a pause before each piece; default: as the job reads it
   */
  async judgeOutput(
    app: Application,
    read: (split: Split) => string | Promise<string> = this.setting.read,
  ): Promise<void> {
    const { splits, skipBadRecords } = this.setting;
    const expected = (await sequential(app, splits, read, skipBadRecords)).toSorted();
    const lines = this.outputs()
      .flatMap((text) => (text ?? '').split(/(?<=\n)/))
      .toSorted();
    const found = lines.filter((line) => line !== '');
    const at = expected.findIndex((line, i) => line !== found[i]);
    const isEqual = at === -1 && found.length === expected.length;
    this.t.expect('the output is that of the sequential run', isEqual, () => {
      const shown = (line: string | undefined): string =>
        line === undefined ? 'nothing' : JSON.stringify(line.slice(0, 60));
      const place = at === -1 ? expected.length : at;
      return (
        `${found.length} lines instead of ${expected.length}; ` +
        `line ${place + 1} is ${shown(found[place])} instead of ${shown(expected[place])}`
      );
    });
  }

  private add(id: string, program: (env: Env) => Promise<void>): void {
    if (this.setting.intermediate === 'local') this.t.addClient(id, program);
    else this.t.addClient(id, program, { disk: SHARED });
  }

  private filesOf(env: Env): Files {
    return this.setting.intermediate === 'local'
      ? remoteFiles(env, env.peer(FILES))
      : sharedFiles(env);
  }

  private async coordinate(env: Env): Promise<void> {
    const { pollMs, lingerMs } = this.setting;
    const { splits, reduces, intermediate, expiryMs, backups, skipBadRecords } = this.setting;
    const job = { splits, reduces, intermediate, expiryMs, backups, skipBadRecords };
    const coordinator = this.t.layers(env).makeCoordinator(env, job);
    this.coordinator = coordinator;
    env.serve(coordinator.handlers);
    while (!coordinator.done()) await env.sleep(pollMs);
    this.doneMs = this.t.world.now();
    this.left(env.id);
    await env.sleep(lingerMs);
  }

  private async work(env: Env): Promise<void> {
    const { makeApplication, intermediate, read, hostOf } = this.setting;
    const { t, timeline } = this;
    timeline.begins(env);
    const files = recordedFiles(t, env, this.filesOf(env), this.names);
    const host: WorkerHost = {
      coordinator: env.peer(COORDINATOR),
      peer: (holder) => (holder === env.id || holder === SHARED ? undefined : env.peer(holder)),
      input: (split: Split) => {
        this.sees(split);
        timeline.maps(env.id, split);
        return Promise.resolve(read(split));
      },
      files: {
        ...files,
        async commit(from: string, to: string) {
          const isFirst = await files.commit(from, to);
          timeline.commits(env.id, to, isFirst);
          return isFirst;
        },
      },
      holder: intermediate === 'local' ? env.id : SHARED,
    };
    const app = this.counted(env, timeline.watched(env, makeApplication(env)));
    try {
      await t.layers(env).makeWorker(env, hostOf?.(env, host) ?? host, app);
    } catch (error) {
      if (error instanceof RecordError) this.setting.onBadRecord?.(error);
      throw error;
    }
    this.left(env.id);
  }

  /** An application whose calls are known while they last. */
  private counted({ id }: Env, app: Application): Application {
    const { calls } = this;
    // Those of an earlier life have come to no end.
    calls.set(id, 0);
    const during = async <T>(work: () => T | Promise<T>): Promise<T> => {
      calls.set(id, calls.get(id)! + 1);
      try {
        return await work();
      } finally {
        calls.set(id, calls.get(id)! - 1);
      }
    };
    return {
      ...app,
      map: (file, content) => during(() => app.map(file, content)),
      reduce: (key, values) => during(() => app.reduce(key, values)),
    };
  }

  /** A map task begins: for the first time, or again. */
  private sees({ file, from = 0 }: Split): void {
    const { t, seen } = this;
    const split = `${file} ${from}`;
    t.count('map attempts');
    if (seen.has(split)) {
      t.count('maps done again');
      t.probe('a map task was done again');
    }
    seen.add(split);
  }

  /** Somebody believes that the job is done. */
  private left(id: string): void {
    this.gone.add(id);
    this.atFirstExit ??= this.outputs();
    const { files } = this.outputDisk();
    const missing = this.outputNames.filter((name) => !files.has(name)).length;
    this.t.expect('nobody leaves before the job is done', missing === 0, () => {
      return `${id} leaves while ${missing} of ${this.outputNames.length} outputs are missing`;
    });
  }

  /** What the run has come to, beyond its history; once, when it is over. */
  tally(): void {
    const { t, setting } = this;
    const counts = this.coordinator?.counts?.();
    if (counts === undefined) return;
    t.count('attempts', counts.attempts);
    t.count('done again', counts.reexecutions);
    t.count('backups', counts.backups);
    t.count('late completions', counts.refused);
    if (setting.intermediate === 'local') t.count('map outputs lost', counts.lost);
    if (setting.skipBadRecords === true) t.count('records skipped', counts.skipped);
  }
}
