import { describe, expect, test } from 'vitest';
import { Trace, type FaultAction } from '../../sim/index.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { raftChaos } from './chaos.ts';

const scenario = raftChaos(3);
const UNDAMAGED = 'a server finds its state undamaged';
const READ_BACK = /DamagedState: raft\/state: it does not hold what has just been written/;

interface Outcome {
  readonly verdict: string;
  readonly check: string | undefined;
  readonly reason: string | undefined;
  /** The files that were read with damage. */
  readonly damaged: readonly unknown[];
}

/** The disk of s1 has a fault from 500 ms on; it crashes at 1500 ms, and comes back. */
async function harm(storage: string, fault: object, seed: number): Promise<Outcome> {
  const faults = [
    { id: 'damage', atMs: 500, node: 's1', ...fault },
    { id: 'crash', kind: 'crash', atMs: 1500, untilMs: 1600, node: 's1' },
  ] as FaultAction[];
  const params = { storage, snapshotEvery: 7, pumpMs: 0, chaosMs: 3000 };
  const trace = new Trace();
  const options = { params, faults, disk: 'lossy', profile: 'lab-reliable', trace };
  const { verdict, check, reason } = (await runScenario(scenario, seed, options)).result;
  const damaged = trace.records.filter(({ label }) => label === 'damaged');
  return { verdict, check, reason, damaged: damaged.map(({ payload }) => payload) };
}

/** The file that the reason of a verdict names. */
function fileIn(reason: string | undefined, problem: RegExp): string | undefined {
  const [, file, what] =
    /^s1: (.*?): (.*); the server does not start from a damaged state$/.exec(reason ?? '') ?? [];
  return problem.test(what ?? '') ? file : undefined;
}

describe.each(['persister', 'disk'])('a damaged state (%s)', (storage) => {
  test.each([
    ['some files rot', { kind: 'bit-rot', ppm: 150_000 }],
    ['some writes land in other files', { kind: 'misdirected-write', ppm: 100_000 }],
  ])(
    '%s: a server that reads one does not start, and names it',
    { timeout: 60_000 },
    async (_, fault) => {
      const named = new Set<unknown>();
      // On a disk, a write that goes astray hits an addition in one run of ten.
      for (let seed = 1; seed <= 50; seed++) {
        const { verdict, check, reason, damaged } = await harm(storage, fault, seed);
        if (damaged.length === 0) {
          expect(verdict).toBe('pass');
          continue;
        }
        if (verdict === 'crash') {
          expect(reason).toMatch(READ_BACK);
          named.add('raft/state');
          continue;
        }
        expect([verdict, check]).toEqual(['violation', UNDAMAGED]);
        const file = fileIn(reason, /^it does not match its checksum$/);
        expect(damaged).toContain(file);
        named.add(file);
      }
      // The whole state, and additions.
      expect(named).toContain('raft/state');
      expect(named.size).toBeGreaterThan(2);
    },
  );
});

test.each(['persister', 'disk'])(
  'a whole state from before, which no checksum tells, is found when it is read back (%s)',
  { timeout: 60_000 },
  async (storage) => {
    for (let seed = 1; seed <= 20; seed++) {
      const outcome = await harm(storage, { kind: 'stale-read', ppm: 1_000_000 }, seed);
      expect(outcome.damaged).toEqual(['raft/state']);
      expect(outcome.verdict).toBe('crash');
      expect(outcome.reason).toMatch(READ_BACK);
    }
  },
);

test.each(['disk-error', 'disk-full'])(
  '%s: the server stops, and the verdict says why',
  { timeout: 60_000 },
  async (kind) => {
    const fault = {
      kind,
      ...(kind === 'disk-error' ? { ppm: 50_000, ops: ['write', 'fsync'] } : {}),
    };
    for (let seed = 1; seed <= 5; seed++) {
      const { verdict, reason } = await harm('disk', fault, seed);
      expect(verdict).toBe('crash');
      expect(reason).toMatch(/DiskError: (EIO|ENOSPC): disk\.\w+ of "raft\/\w+" failed/);
    }
  },
);
