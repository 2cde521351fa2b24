import { expect, test } from 'vitest';
import type { Application } from '../../mapreduce/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run } from '../runner/run-plan.ts';
import type { ReadInput } from '../runner/scenario-tester.ts';

const registry = new Registry(packs);

/** A file in memory, of ASCII. */
function fileOf(text: string): { bytes: number; readInput: ReadInput } {
  const readInput: ReadInput = (_file, from, to) => {
    const lineAt = (at: number): number => (at === 0 ? 0 : text.indexOf('\n', at - 1) + 1);
    const end = to >= text.length ? text.length : lineAt(to) || text.length;
    const start = from === 0 ? 0 : lineAt(from) || text.length;
    return text.slice(start, Math.max(start, end));
  };
  return { bytes: text.length, readInput };
}

async function sorted(text: string, application?: Partial<Application>): Promise<Run> {
  const { bytes, readInput } = fileOf(text);
  const scenario = registry.scenario('mapreduce/sort');
  const params = { input: [{ file: 'f', bytes }], splitKB: 1, reduces: 4 };
  const plan = makePlan(scenario, '1', { params, faults: [] });
  const layers = application ? { application } : {};
  const implementation = { name: 'own', evaluate: () => layers };
  return await runPlan(scenario, plan, { host: nodeHost(), readInput, implementation });
}

test('where an application throws is told by line and byte, whatever is before', async () => {
  // The second one goes over three pieces, of which two have no line.
  const text = `a\n${'b'.repeat(2500)}\n${'c\n'.repeat(600)}bad\n`;
  const application: Application = {
    map(_file, content) {
      if (content.includes('bad')) throw new Error('no');
      return [];
    },
    reduce: () => '',
  };

  await expect(sorted(text, application)).rejects.toThrow(
    `f, line 603, byte ${text.indexOf('bad')}: map throws: no`,
  );
});

test('a sort has its sample from all over the input, and like ranges of it', async () => {
  const lines = Array.from({ length: 4000 }, (_, i) => `${String(i).padStart(6, '0')}\n`);
  const { result, outputs } = await sorted(lines.join(''));
  const sizes = outputs.map(([, text]) => text.split('\n').length - 1);

  expect(result.verdict).toBe('pass');
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(4000);
  for (const size of sizes) expect(size).toBeGreaterThan(600);
});

test.each(['map', 'reduce', 'combine', 'partition'])(
  'an application whose %s is no function is refused',
  async (part) => {
    const application = { map: () => [], reduce: () => '', [part]: 5 };

    await expect(sorted('a\n', application as object)).rejects.toThrow(
      `application: expected a function "${part}"`,
    );
  },
);

test('the sequential run has a turn for each piece of input: it is no endless loop', async () => {
  const scenario = registry.scenario('mapreduce/word-count');
  let turns = 0;
  const { result } = await runPlan(scenario, makePlan(scenario, '1', { params: { files: 30 } }), {
    host: nodeHost(),
    monitor: ({ id }) => void (turns += id === 'sequential' ? 1 : 0),
  });

  expect(result.verdict).toBe('pass');
  expect(turns).toBeGreaterThanOrEqual(30);
});
