import type { Operation } from '../disk/operation.ts';
import type { HardwareProfile } from './hardware-profile.ts';
import { Pace } from './pace.ts';
import { ServiceQueue, transferUs, type Served } from './service-queue.ts';

interface Unwritten {
  readonly bytes: number;
  /** The node in whose memory it is. */
  readonly writer: string;
}

/** The queue of a disk. It belongs to the disk: what a node has asked for is done, crash or not. */
export class DiskService {
  readonly pace: Pace = new Pace();
  private readonly profile: HardwareProfile;
  private readonly queue: ServiceQueue;
  /** What has to be written yet, by file: known apart from what a crash would leave of it. */
  private readonly unwritten = new Map<string, Unwritten>();

  /** @param served told of what it does, if anybody asks */
  constructor(profile: HardwareProfile, served: Served | undefined) {
    this.profile = profile;
    this.queue = new ServiceQueue(1, served);
  }

  /** A change that the next sync of its file has to write. */
  changed({ kind, file, content, to, writer }: Operation): void {
    const before = this.unwritten.get(file)?.bytes ?? 0;
    if (kind === 'rename' || kind === 'remove') this.unwritten.delete(file);
    // What is written over has never to be written.
    if (kind === 'write') this.unwritten.set(file, { bytes: content.length, writer });
    if (kind === 'append') this.unwritten.set(file, { bytes: before + content.length, writer });
    if (kind === 'rename') this.unwritten.set(to, { bytes: before, writer });
  }

  /** Write what there is of a file. Returns when that is done, in µs. */
  sync(file: string, fromUs: number): number {
    const bytes = this.unwritten.get(file)?.bytes ?? 0;
    this.unwritten.delete(file);
    return this.transfer(bytes, fromUs);
  }

  /** Move bytes that have no content. Returns when that is done, in µs. */
  transfer(bytes: number, fromUs: number): number {
    const { diskAccessUs, diskBytesPerMs } = this.profile;
    const us = (diskAccessUs + transferUs(bytes, diskBytesPerMs)) * this.pace.factor;
    return this.queue.serve(fromUs, us);
  }

  /** What a node had not written is gone with its memory. */
  forget(writer: string): void {
    for (const [file, { writer: owner }] of this.unwritten) {
      if (owner === writer) this.unwritten.delete(file);
    }
  }
}
