import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Case, historyOf, judge } from './checker-cases.ts';
import { peakMb } from './peak.ts';

/** What a process needed that judged one history. */
export interface Memory {
  /** The most that was resident, in MB: Node, the history, and the checker's own. */
  readonly peakMb: number;
  /** Of that, what was resident before the check. */
  readonly beforeMb: number;
}

const CHILD_FLAG = '--memory-of';

/** Judges the history of a case once, in a process of its own. */
export function memoryOf(each: Case): Memory {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [script, CHILD_FLAG, JSON.stringify(each)], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`the child failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Memory;
}

function measureHere(each: Case): Memory {
  const history = historyOf(each);
  const beforeMb = process.memoryUsage.rss() / 1e6;
  judge(each, history);
  return { beforeMb, peakMb: peakMb() };
}

const flag = process.argv.indexOf(CHILD_FLAG);
if (flag > 0) {
  const each = JSON.parse(process.argv[flag + 1]!) as Case;
  process.stdout.write(JSON.stringify(measureHere(each)));
}
