import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import { DiskService } from '../hardware/disk-service.ts';
import type { Served } from '../hardware/service-queue.ts';
import type { HardwareProfile } from '../hardware/hardware-profile.ts';
import type { Device, Meter } from '../metrics/meter.ts';
import type { CrashListener, Incarnation } from '../node/incarnation.ts';
import { scale } from '../random/bits.ts';
import type { Streams } from '../random/streams.ts';
import type { Content } from './content.ts';
import type { DiskAccess, DiskEffect } from './disk-effect.ts';
import type { DiskErrorCode } from './disk-error.ts';
import type { DiskProfile } from './disk-profile.ts';
import { apply, Operation, type Files, type FileState } from './operation.ts';
import { survivorsOf } from './survivors.ts';
import { Unsynced } from './unsynced.ts';

const SETTLE: EventLabel = eventLabel('settle');

/** An operating system writes back by itself what nobody syncs; and memory stays flat. */
const MAX_UNSYNCED = 4096;

/**
 * The platters: named files that belong to the world and outlive every incarnation. Nodes that
 * share a disk see each other's changes at once. Unsynced operations lie between what nodes see and
 * what is durable; faults lie over both, and never change a byte.
 */
export class DiskStore implements CrashListener {
  readonly name: string;
  readonly profile: DiskProfile;
  /** What makes it take time; undefined = ideal hardware. */
  readonly service: DiskService | undefined;
  /** What nodes see: durable content with the unsynced operations carried out. */
  readonly files: Files = new Map();
  private readonly effects: DiskEffect[] = [];
  private readonly streams: Streams;
  private readonly kept: Files;
  private readonly unsynced = new Unsynced();
  /** Who writes under a lower number is refused: see `Disk.fence`. */
  fencedBelow = 0;
  /** Number of changes that nodes have asked for so far. */
  version = 0;
  /** An fsync failed: nodes see what may never become durable. */
  private isAdrift = false;

  constructor(
    name: string,
    profile: DiskProfile,
    streams: Streams,
    hardware?: HardwareProfile,
    meter?: Meter,
  ) {
    this.name = name;
    this.profile = profile;
    this.streams = streams;
    this.service =
      hardware === undefined ? undefined : new DiskService(hardware, servedBy(name, meter));
    this.kept = profile.unsynced === 'durable' ? this.files : new Map<string, FileState>();
  }

  /** What a crash cannot take away. */
  get durable(): ReadonlyMap<string, FileState> {
    return this.kept;
  }

  /** What a node reads, and whether a fault has damaged it. */
  read(file: string): { readonly content: Content; readonly isDamaged: boolean } | undefined {
    const there = this.files.get(file);
    if (there === undefined) return undefined;
    const { content, version } = there;
    // What is unsynced comes from memory: faults of the platters do not reach it.
    if (this.kept.get(file)?.version !== version) return { content, isDamaged: false };
    let seen = content;
    for (const effect of this.effects) seen = effect.seen?.(file, seen, version) ?? seen;
    return { content: seen, isDamaged: seen !== content };
  }

  /**
   * A node is about to use the disk. Gives the error that it meets, if faults want one. All are
   * asked and refused changes are numbered too, so that no fault shifts what another one does.
   */
  admit(access: DiskAccess, grows: boolean, epoch: number): DiskErrorCode | undefined {
    if (access === 'write') this.version++;
    let code: DiskErrorCode | undefined;
    for (const effect of this.effects) {
      const wanted = effect.errorOf?.(access, grows);
      code ??= wanted;
    }
    return epoch < this.fencedBelow && access !== 'read' ? 'EFENCED' : code;
  }

  /** Carry out a change. It is unsynced, unless the profile is perfect. */
  change(op: Operation): void {
    this.service?.changed(op);
    if (this.kept === this.files) return this.flush([op]);
    apply(this.files, op);
    this.unsynced.add(op);
    if (this.unsynced.size <= MAX_UNSYNCED) return;
    this.sync([...this.unsynced].slice(0, MAX_UNSYNCED / 2));
  }

  /** Carry out a write, durably, and with it what its file has unsynced. */
  save(op: Operation): void {
    this.service?.changed(op);
    if (this.unsynced.size > 0 && this.unsynced.of(op.file).length > 0) {
      apply(this.files, op);
      this.unsynced.add(op);
      return this.sync(this.unsynced.of(op.file));
    }
    // The usual case: nothing has to become durable before it.
    if (this.kept !== this.files) apply(this.files, op);
    this.flush([op]);
  }

  /**
   * The unsynced operations that a file depends on, in their order: those under its name, and under
   * every name that renames have connected with it. What remains can be carried out after them.
   */
  unsyncedOf(file: string): readonly Operation[] {
    return this.unsynced.of(file);
  }

  /** Make operations durable, those that are not already. */
  sync(ops: readonly Operation[]): void {
    if (ops.length > 0) this.flush(ops.filter((op) => this.unsynced.delete(op)));
  }

  /**
   * An fsync of these operations failed. As in Linux they count as written from now on, so that no
   * later fsync tries again, though a crash will show that only some of them are durable.
   */
  abandon(ops: readonly Operation[]): void {
    const given = ops.filter((op) => this.unsynced.delete(op));
    const last = given.at(-1);
    if (last === undefined) return;
    const random = this.streams.once(`disk/${this.name}/abandoned/${last.version}`);
    this.flush(survivorsOf(this.profile, given, random));
    this.isAdrift = true;
  }

  /** A node crashed, and the profile says what becomes of its unsynced operations. */
  ownerDied({ id, incarnation, kernel }: Incarnation): void {
    this.service?.forget(id);
    const all = [...this.unsynced];
    const own = all.filter((op) => op.writer === id);
    if (own.length === 0 && !this.isAdrift) return;
    const random = this.streams.once(`disk/${this.name}/crash/${id}/${incarnation}`);
    const survivors = survivorsOf(this.profile, own, random);
    // What other nodes did before it is written back with it, so that the order stands.
    const until = survivors.at(-1)?.version ?? 0;
    const written = all.filter((op) => op.writer !== id && op.version < until);
    for (const op of [...own, ...written]) this.unsynced.delete(op);
    this.flush([...survivors, ...written].toSorted((a, b) => a.version - b.version));
    this.recover();
    let hash = own.length;
    for (const op of survivors) hash = Math.imul(hash ^ op.hash(), 0x9e3779b1);
    const files = [...this.files.keys()].toSorted();
    const payload = { unsynced: own.length, survived: survivors.length, files };
    kernel.note('save', id, incarnation, SETTLE, hash, { payload });
  }

  /** All files are gone, as if the disk had been replaced. For a node that is down. */
  wipe(): void {
    this.unsynced.clear();
    const removals = [...this.kept.keys()].map(
      (file) => new Operation('remove', file, '', file, ++this.version, ''),
    );
    this.flush(removals);
    this.recover();
  }

  /** How long this fsync takes, in µs: one draw a call, and what faults add. */
  fsyncUs(writer: string): number {
    const [lo, hi] = this.profile.fsyncUs;
    const draw = this.streams.stream(`disk/${this.name}/${writer}`).uint32();
    let total = lo + scale(draw, hi - lo + 1);
    for (const effect of this.effects) total += effect.extraFsyncUs?.() ?? 0;
    return total;
  }

  /** Lay the effect of a fault over the disk; the function returned lifts it. */
  overlay(effect: DiskEffect): () => void {
    this.effects.push(effect);
    const { serviceFactor } = effect;
    const lift = serviceFactor === undefined ? undefined : this.service?.pace.limp(serviceFactor);
    return () => {
      this.effects.splice(this.effects.indexOf(effect), 1);
      lift?.();
    };
  }

  private flush(ops: readonly Operation[]): void {
    if (ops.length === 0) return;
    for (const effect of this.effects) effect.flushes?.(ops);
    for (const op of ops) apply(this.kept, op);
  }

  /** See again what is durable, with the operations that are still unsynced. */
  private recover(): void {
    this.isAdrift = false;
    if (this.kept === this.files) return;
    this.files.clear();
    for (const [file, state] of this.kept) this.files.set(file, state);
    for (const op of this.unsynced) apply(this.files, op);
  }
}

function servedBy(node: string, meter: Meter | undefined): Served | undefined {
  if (meter === undefined) return undefined;
  const device: Device = { node, part: 'disk', servers: 1 };
  return (asked, from, until) => meter.served(device, asked, from, until);
}
