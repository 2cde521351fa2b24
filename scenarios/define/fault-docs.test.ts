/** The table of faults in docs/faults.md says what is true. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  clockProfiles,
  diskProfiles,
  faultKinds,
  hardwareProfiles,
  profiles,
} from '../../sim/index.ts';
import { faultAction } from './fault-file.ts';
import { parseFaults } from './plan-file.ts';

const root = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/faults.md'), 'utf8');
const section = (title: string): string =>
  text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

/** The rows of the table in a section, cell by cell. */
const rowsOf = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
const bare = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

describe('docs/faults.md', () => {
  const kinds = rowsOf('Kinds');

  test('has every kind once', () => {
    expect(kinds.map(([kind]) => bare(kind)).toSorted()).toEqual([...faultKinds].toSorted());
  });

  test.each(kinds)('%s: its example is an entry of that kind', (kind, _, example) => {
    const [action] = parseFaults(`[${bare(example)}]`, 'docs/faults.md');
    expect(action?.kind).toBe(bare(kind));
  });

  test.each(kinds)(
    '%s: the tests that show it are there, and the first has it in a plan',
    (kind, _, _example, tests) => {
      const names = bare(tests).split(', ');
      const texts = names.map((name) => readFileSync(path.join(root, 'sim/faults', name), 'utf8'));
      expect(texts[0]).toContain(`kind: '${bare(kind)}'`);
    },
  );

  test('shows targets that an action can have', () => {
    const targets = section('Targets')
      .split('\n')
      .filter((line) => line.startsWith('| a '));
    expect(targets).toHaveLength(4);
    for (const line of targets) {
      const target: unknown = JSON.parse(bare(line.split('|').at(-2)?.trim()));
      expect(faultAction.safeParse({ id: 'p', kind: 'pause', atMs: 0, node: target }).success).toBe(
        true,
      );
    }
  });

  test('has every network profile once, with its style', () => {
    const rows = rowsOf('Network profiles').map(([name, style]) => `${bare(name)} ${style}`);
    const known = [...profiles.values()].map(({ name, style }) => `${name} ${style}`);
    expect(rows.toSorted()).toEqual(known.toSorted());
  });

  test('has every hardware profile once, with what it takes', () => {
    const rows = rowsOf('Hardware profiles').map((cells) => cells.map(bare).join(' '));
    const rate = (bytesPerMs: number): string =>
      bytesPerMs === Infinity ? 'any' : `${bytesPerMs / 1000} MB/s`;
    const known = [...hardwareProfiles.values()].map((profile) => {
      const { name, cores, stepUs, diskBytesPerMs, diskAccessUs } = profile;
      const { nicInBytesPerMs, nicOutBytesPerMs } = profile;
      expect(nicInBytesPerMs).toBe(nicOutBytesPerMs);
      const cpu = `${cores === Infinity ? 'any' : cores} ${stepUs} µs`;
      const disk = `${rate(diskBytesPerMs)} ${diskAccessUs} µs`;
      return `${name} ${cpu} ${disk} ${rate(nicInBytesPerMs)}`;
    });
    expect(rows.toSorted()).toEqual(known.toSorted());
  });

  test('has every disk profile once, with what it does and a test of that', () => {
    const tests = readFileSync(path.join(root, 'sim/disk/disk.test.ts'), 'utf8');
    const rows = rowsOf('Disk profiles').map((cells) => cells.slice(0, 3).map(bare).join(' '));
    const known = [...diskProfiles.values()].map(({ name, unsynced, fsyncUs: [lo, hi] }) => {
      expect(tests).toContain(`test('${name}: `);
      return `${name} ${unsynced} ${hi === 1 ? 'none' : `${lo / 1000}-${hi / 1000} ms`}`;
    });
    expect(rows.toSorted()).toEqual(known.toSorted());
  });

  test('has every clock profile once, with its figures', () => {
    const rows = rowsOf('Clock profiles').map((cells) => cells.slice(0, 4).map(bare).join(' '));
    const known = [...clockProfiles.values()].map((profile) => {
      const { name, driftPpm, syncEveryMs, boundUs } = profile;
      const synchronised = driftPpm === 0 ? 'never' : `every ${syncEveryMs / 1000} s`;
      return `${name} ${driftPpm} ppm ${synchronised} ${boundUs / 1000} ms`;
    });
    expect(rows.toSorted()).toEqual(known.toSorted());
  });
});
