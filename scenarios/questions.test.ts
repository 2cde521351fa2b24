/** What docs/questions.md says of a run is how that run ends. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packs } from './catalogue.ts';
import { Registry } from './define/registry.ts';
import { userModules } from './node-catalogue.ts';
import { Target } from './runner/node-target.ts';

const text = readFileSync(new URL('../docs/questions.md', import.meta.url), 'utf8');
const registry = new Registry(packs);

interface Line {
  readonly command: string;
  readonly scenario: string;
  readonly specimen: string | undefined;
  readonly seed: string;
  readonly params: Record<string, boolean>;
  /** What stands beside it. */
  readonly end: string;
}

/** The lines of the document that run a seed, or sweep. */
const lines = text.split('\n').flatMap((line): Line[] => {
  const found = /^(npx faultlab (?:run|sweep) (\S+).*?)(?: {2,}(.+))?$/.exec(line);
  if (found === null) return [];
  const [, command = '', scenario = '', end = ''] = found;
  const option = (name: string): string | undefined =>
    new RegExp(`--${name} (\\S+)`).exec(command)?.[1];
  const [param, value] = option('set')?.split('=') ?? [];
  const params = param === undefined ? {} : { [param]: value === 'true' };
  const [specimen, seed = '1'] = [option('specimen'), option('seed')];
  return [{ command, scenario, specimen, seed, params, end }];
});

describe('docs/questions.md', () => {
  test('names scenarios and specimens that there are', () => {
    for (const { scenario, specimen } of lines) {
      expect(() => registry.scenario(scenario)).not.toThrow();
      if (specimen !== undefined) expect(() => registry.specimen(specimen)).not.toThrow();
    }
  });

  const runs = lines.filter(({ command }) => command.startsWith('npx faultlab run'));

  test('has a run for nearly every question', () => {
    expect(runs.length).toBeGreaterThan(25);
    expect(runs.every(({ end }) => end !== '')).toBe(true);
  });

  test.each(runs.map((run) => [`${run.command} -> ${run.end}`, run] as const))(
    '%s',
    async (_name, { scenario, specimen, seed, params, end }) => {
      const spec = { scenario, overrides: { params }, specimen };
      const target = await Target.open(registry, spec, userModules);
      const { result } = await target.run({ from: { seed }, isTraced: false });
      const passes = /^pass(?:, (\d+) (.+))?$/.exec(end);
      if (passes === null) return expect(result.reason ?? 'no failure').toContain(end);
      expect(result.verdict, result.reason).toBe('pass');
      const [, count, what = ''] = passes;
      if (count !== undefined) expect(result.activity[what]).toBe(Number(count));
    },
  );
});
