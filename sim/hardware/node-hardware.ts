import type { Device, Meter } from '../metrics/meter.ts';
import type { HardwareProfile } from './hardware-profile.ts';
import type { Pace } from './pace.ts';
import { ServiceQueue, transferUs } from './service-queue.ts';

/** Something to do for the CPU: it may wait for its turn among the steps of its node. */
export class Piece {
  readonly us: number;
  /** Not before then, in µs: the step that asked for it comes first. */
  readonly fromUs: number;
  isBegun = false;
  /** Its core is kept for it until the step in which its node goes on is over. */
  hasCore = false;

  constructor(us: number, fromUs: number) {
    this.us = us;
    this.fromUs = fromUs;
  }
}

/** CPU and network card of one life of a node: what is in their queues dies with it. */
export class NodeHardware {
  private readonly profile: HardwareProfile;
  private readonly cpuPace: Pace;
  private readonly nicPace: Pace;
  private readonly cpu: ServiceQueue;
  private readonly out: ServiceQueue;
  private readonly in: ServiceQueue;
  private readonly devices: Device[] = [];
  private readonly meter: Meter | undefined;

  constructor(
    node: string,
    profile: HardwareProfile,
    cpuPace: Pace,
    nicPace: Pace,
    meter: Meter | undefined,
  ) {
    this.profile = profile;
    this.cpuPace = cpuPace;
    this.nicPace = nicPace;
    this.meter = meter;
    const queue = (part: Device['part'], servers: number): ServiceQueue => {
      if (meter === undefined) return new ServiceQueue(servers);
      const device = { node, part, servers };
      this.devices.push(device);
      return new ServiceQueue(servers, (asked, from, until) => {
        meter.served(device, asked, from, until);
      });
    };
    this.cpu = queue('cpu', profile.cores);
    this.out = queue('nic out', 1);
    this.in = queue('nic in', 1);
  }

  /** Its node has crashed: nothing that waits will be done. */
  drop(): void {
    for (const device of this.devices) this.meter?.dropped(device);
  }

  /** When the first core has nothing more to do, in µs. */
  get readyUs(): number {
    return this.cpu.readyUs;
  }

  /**
   * A step begins.
   * @param waitedUs how long it has been due
   * @returns how much CPU time it takes, in µs
   */
  step(nowUs: number, subject: unknown, waitedUs: number): number {
    const us = this.stepUs;
    const hasCore = subject instanceof Piece && subject.hasCore;
    if (!hasCore) this.cpu.serve(nowUs, us, nowUs - waitedUs);
    return us;
  }

  private get stepUs(): number {
    return this.profile.stepUs * this.cpuPace.factor;
  }

  /**
   * A piece of work gets its core, and keeps it for the step that follows: otherwise that would
   * have to wait for all work that was asked for meanwhile.
   * @returns when it is done, in µs
   */
  begin(piece: Piece, nowUs: number): number {
    piece.isBegun = true;
    piece.hasCore = true;
    const { stepUs } = this;
    const us = piece.us * this.cpuPace.factor + stepUs;
    return this.cpu.serve(Math.max(nowUs, piece.fromUs), us, piece.fromUs) - stepUs;
  }

  /** How long so many bytes keep the network card, on their way out. */
  sendingUs(bytes: number): number {
    return transferUs(bytes, this.profile.nicOutBytesPerMs) * this.nicPace.factor;
  }

  /** A message sets out behind those before it. Returns when its last byte has left, in µs. */
  send(fromUs: number, sendingUs: number): number {
    return this.out.serve(fromUs, sendingUs);
  }

  /**
   * The last byte of a message is here, if nothing was before it. Returns when it has got through,
   * in µs. It comes in as it was sent, byte by byte, and not only once all of it is here.
   * @param sentInUs how long it took to leave
   */
  receive(nowUs: number, bytes: number, sentInUs: number): number {
    const us = transferUs(bytes, this.profile.nicInBytesPerMs) * this.nicPace.factor;
    return this.in.serve(nowUs - Math.min(us, sentInUs), us);
  }
}
