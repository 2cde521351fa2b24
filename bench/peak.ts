import * as fs from 'node:fs';

/**
 * The most that was resident, in MB. Linux hands the `maxRSS` of a process on to its children, even
 * to those that run another program, so a child of a large process looks large: there the kernel's
 * own mark is read.
 */
export function peakMb(): number {
  const status = '/proc/self/status';
  const mark = fs.existsSync(status)
    ? /^VmHWM:\s*(\d+) kB$/m.exec(fs.readFileSync(status, 'utf8'))?.[1]
    : undefined;
  const kib = mark === undefined ? process.resourceUsage().maxRSS : Number(mark);
  return (kib * 1024) / 1e6;
}
