/** The package as a user has it: built, imported by its name, its lines pasted into a shell. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { failureText } from './node-failure-text.ts';
import { runScenario } from './run-scenario.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-testing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(cwd: string, ...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '1' },
  });
}

test('faultlab/testing is there, and draws plans', () => {
  const program = `
    import fc from 'fast-check';
    import { packs, Registry } from 'faultlab/scenarios';
    import { overSeeds, plans } from 'faultlab/testing';
    const scenario = new Registry(packs).scenario('kv/chaos');
    const [plan] = fc.sample(plans(scenario), 1);
    const { verdict } = await overSeeds(scenario, { seeds: 3 });
    console.log(plan.scenario, verdict);`;
  // Inside the package, so that it can import the package by its name.
  const { stdout, status } = node(root, '--input-type=module', '--eval', program);

  expect({ stdout, status }).toEqual({ stdout: 'kv/chaos pass\n', status: 0 });
});

test('a plan that a test kept is replayed by the line that the test printed', async () => {
  const scenario = new Registry(packs).scenario('kv/chaos');
  const { layers } = new Registry(packs).specimen('KV5');
  const plan = { ...makePlan(scenario, '1'), seed: 'kept for the shell' };
  const run = await runScenario(scenario, plan, { layers, code: { specimen: 'KV5' } });
  const text = failureText(run);
  const file = /npx faultlab replay (\S+) {2}#/.exec(text)?.[1] ?? '';
  const command = path.join(root, 'dist', 'cli', 'main.js');
  const { status, stdout } = node(folder, command, 'replay', path.resolve(file));

  expect(status).toBe(1);
  expect(stdout).toContain(`digest ${run.result.digest}`);
  expect(stdout).toContain('VIOLATION  kv/chaos  seed kept for the shell  linearizable');
});
