/** How many workers share a sweep must not show in what comes of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { start } from './testing/built-command.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'faultlab-jobs-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const untimed = (text: string): string =>
  text.replaceAll(/"wallMs":\d+/g, '"wallMs":0').replaceAll(/simulated in [\d.]+ m?s/g, '');

async function sweptBy(jobs: number, words: string): Promise<unknown> {
  const { code, out, err } = await start(`sweep ${words} --jobs ${jobs}`, { cwd }).done;
  const [scenario = ''] = words.split(' ');
  const lines = readFileSync(path.join(cwd, '.faultlab', scenario, 'sweep.jsonl'), 'utf8');
  return { code, err, out: untimed(out), lines: untimed(lines) };
}

test.each(['kv/chaos --count 30', 'lock/chaos --count 25 --specimen LK1 --json'])(
  'sweep %s: the same results in the same order with one, two and five workers',
  async (words) => {
    const alone = await sweptBy(1, words);
    expect(await sweptBy(2, words)).toEqual(alone);
    expect(await sweptBy(5, words)).toEqual(alone);
  },
);

test('a number of workers that makes no sense is refused', async () => {
  for (const jobs of ['0', '-1', '1.5', 'many', '1000']) {
    const { code, err } = await start(['sweep', 'kv/chaos', '--jobs', jobs], { cwd }).done;
    expect([code, err]).toEqual([
      64,
      `faultlab: --jobs: expected a whole number from 1 to 256, not "${jobs}"\n`,
    ]);
  }
});
