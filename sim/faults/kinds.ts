import { bandwidth, type Bandwidth } from './bandwidth.ts';
import { bitRot, type BitRot } from './bit-rot.ts';
import { buggify, type BuggifyFault } from './buggify.ts';
import { capacity, type Capacity } from './capacity.ts';
import { clock, type ClockFault } from './clock.ts';
import { clog, type Clog } from './clog.ts';
import { corrupt, type Corrupt } from './corrupt.ts';
import { crash, type Crash } from './crash.ts';
import { crashPoint, type CrashPoint } from './crash-point.ts';
import { cut, type Cut } from './cut.ts';
import { delay, type Delay } from './delay.ts';
import { diskError, type DiskErrors } from './disk-error.ts';
import { diskFull, type DiskFull } from './disk-full.ts';
import { diskSlow, type DiskSlow } from './disk-slow.ts';
import { duplicate, type Duplicate } from './duplicate.ts';
import type { FaultKind } from './fault-kind.ts';
import { limp, type Limp } from './limp.ts';
import { loss, type Loss } from './loss.ts';
import { misdirectedWrite, type MisdirectedWrite } from './misdirected-write.ts';
import { partition, type Partition } from './partition.ts';
import { pause, type Pause } from './pause.ts';
import { priorities, type Priorities } from './priorities.ts';
import { reorder, type Reorder } from './reorder.ts';
import { slow, type Slow } from './slow.ts';
import { staleRead, type StaleRead } from './stale-read.ts';

/** One entry of a plan: start, end, kind, targets, parameters. */
export type FaultAction =
  | Loss
  | Duplicate
  | Delay
  | Reorder
  | Priorities
  | Corrupt
  | Partition
  | Cut
  | Clog
  | Capacity
  | Bandwidth
  | Crash
  | CrashPoint
  | Pause
  | Slow
  | Limp
  | DiskSlow
  | DiskErrors
  | DiskFull
  | BitRot
  | MisdirectedWrite
  | StaleRead
  | ClockFault
  | BuggifyFault;

/** Every kind of fault, by the name under which it stands in a plan. */
const kinds: { readonly [K in FaultAction['kind']]: FaultKind<Extract<FaultAction, { kind: K }>> } =
  {
    loss,
    duplicate,
    delay,
    reorder,
    priorities,
    corrupt,
    partition,
    cut,
    clog,
    capacity,
    bandwidth,
    crash,
    'crash-point': crashPoint,
    pause,
    slow,
    limp,
    'disk-slow': diskSlow,
    'disk-error': diskError,
    'disk-full': diskFull,
    'bit-rot': bitRot,
    'misdirected-write': misdirectedWrite,
    'stale-read': staleRead,
    clock,
    buggify,
  };

/** The names of all kinds. */
export const faultKinds: readonly string[] = Object.keys(kinds);

export function kindOf(action: FaultAction): FaultKind<FaultAction> {
  return kinds[action.kind];
}

/** What an action does, for a trace: `crash s0`, `partition c0 | s0 c1`. */
export function describeFault(action: FaultAction): string {
  return kindOf(action).describe(action);
}
