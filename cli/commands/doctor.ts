import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { VERSION } from '../../scenarios/define/version.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { OUTPUT } from '../../scenarios/report/node-output-folder.ts';
import { Target, type Job } from '../../scenarios/runner/node-target.ts';
import { packageFile } from '../../scenarios/runner/node-user-code.ts';
import { onInterrupt } from '../interrupt.ts';
import { knownDigests } from '../known-digests.ts';
import { print, printJson } from '../output.ts';
import { Runs } from '../runs.ts';
import { targetSpec } from '../target-spec.ts';

export interface DoctorOptions {
  readonly json?: boolean;
}

/** One seed of a scenario, run in several ways. */
interface SelfTest {
  readonly scenario: string;
  /** What it is on every machine. */
  readonly known: string;
  readonly digests: readonly { readonly way: string; readonly digest: string }[];
  readonly isOk: boolean;
}

const JOB: Job = { from: { seed: '1' }, isTraced: false };

/** `doctor`: is this machine fit, and are runs the same here as everywhere? */
export async function doctorCommand({ json = false }: DoctorOptions): Promise<number> {
  const interrupted = onInterrupt();
  const about = {
    faultlab: VERSION,
    source: sourceOf(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    unwritable: unwritable(),
  };
  if (!json) tellAbout(about);
  const tests: SelfTest[] = [];
  let runs: Runs | undefined;
  try {
    for (const [scenario, known] of Object.entries(knownDigests)) {
      runs = await Runs.next(runs, scenario, {}, interrupted);
      const test = await selfTest(scenario, known, runs);
      if (test === undefined) return ExitCode.interrupted;
      tests.push(test);
      if (!json) tellTest(test);
    }
  } finally {
    await runs?.close();
  }
  const isDeterministic = tests.every(({ isOk }) => isOk);
  if (json) printJson({ format: 1, kind: 'doctor', ...about, isDeterministic, selfTests: tests });
  else print(isDeterministic ? pc.green('Runs are the same here as everywhere.') : pc.red(WORRY));
  if (!isDeterministic) return ExitCode.nondeterminism;
  return about.unwritable === undefined ? ExitCode.asExpected : ExitCode.usage;
}

const WORRY = `Runs are not the same here as everywhere: do not trust a digest or a seed of this
machine. If Faultlab was edited, seeds may mean something else, and cli/known-digests.ts
is to be renewed; otherwise please report this, with the output of doctor --json.`;

/** In the main thread, and in a worker twice; undefined if it was interrupted. */
async function selfTest(
  scenario: string,
  known: string,
  runs: Runs,
): Promise<SelfTest | undefined> {
  const target = await Target.open(new Registry(packs), targetSpec(scenario, {}), {});
  const alone = await target.run(JOB);
  const [first, again] = [await runs.run(JOB), await runs.run(JOB)];
  if (first === undefined || again === undefined) return undefined;
  const digests = [
    { way: 'in the main thread', digest: alone.result.digest },
    { way: 'in a worker', digest: first.result.digest },
    { way: 'in a worker again', digest: again.result.digest },
  ];
  return { scenario, known, digests, isOk: digests.every(({ digest }) => digest === known) };
}

type About = Readonly<Record<'faultlab' | 'source' | 'node' | 'platform', string>> & {
  readonly cores: number;
  readonly unwritable: string | undefined;
};

function tellAbout({ faultlab, source, node, platform, cores, unwritable: why }: About): void {
  print(`${pc.bold(`faultlab ${faultlab}`)}  ${source}`);
  print(`node ${node}  ${platform}, ${cores} ${cores === 1 ? 'core' : 'cores'}`);
  print(why === undefined ? `${OUTPUT} can be written` : pc.red(`${OUTPUT}: ${why}`));
  print('\nSeed 1, in the main thread and twice in a worker:');
}

function tellTest({ scenario, known, digests, isOk }: SelfTest): void {
  print(`  ${known}  ${scenario.padEnd(24)}  ${isOk ? pc.green('the same') : pc.red('DIFFERS')}`);
  if (isOk) return;
  for (const { way, digest } of digests) {
    print(`  ${digest || '-'.padEnd(16)}  ${way}${digest === known ? '' : '   <- differs'}`);
  }
}

/** The commit of a clone; a package is known by its version. */
function sourceOf(): string {
  const root = packageFile('.');
  if (!existsSync(join(root, '.git'))) return 'a package';
  try {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `commit ${commit.trim()}`;
  } catch {
    return 'a clone';
  }
}

/** Why results cannot be kept; undefined if they can. */
function unwritable(): string | undefined {
  const file = join(existsSync(OUTPUT) ? OUTPUT : '.', `.faultlab-doctor-${process.pid}`);
  try {
    writeFileSync(file, '');
    rmSync(file);
    return undefined;
  } catch (error) {
    return `cannot be written: ${(error as Error).message}`;
  }
}
