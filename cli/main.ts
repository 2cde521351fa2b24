#!/usr/bin/env node
import { Argument, Command, CommanderError, Option } from 'commander';
import { ExitCode } from '../scenarios/report/exit-code.ts';
import { visible } from '../scenarios/report/text-fold.ts';
import { VERSION } from '../scenarios/define/version.ts';
import { traceLevels } from '../sim/trace/level.ts';
import { topics } from '../sim/trace/topic.ts';
import { checkHelp } from './check-help.ts';
import { completionHelp, completionScripts, shells, type Shell } from './completion-scripts.ts';
import { examplesOf } from './examples.ts';
import { exportHelp } from './export-help.ts';
import { gradeHelp } from './grade-help.ts';
import { exitCodeOfError, isUsage } from './errors.ts';
import { collect, withCodeOptions, withTargetOptions } from './target-options.ts';

/**
 * The `faultlab` command: it parses, calls `scenarios/` and prints. Each command is loaded when it
 * is called, so that small ones start quickly.
 */
function program(): Command {
  const root = new Command('faultlab')
    .description('Deterministic simulation of distributed systems: run, break, replay, judge.')
    .version(VERSION)
    .configureHelp({ sortSubcommands: false })
    .showSuggestionAfterError(true)
    .showHelpAfterError('(faultlab --help shows all commands)');
  addRunCommands(root);
  addDebugCommands(root);
  addJudgeCommands(root);
  addReportCommands(root);
  addShellCommands(root);
  // After the groups, so that subcommands inherit it: usage errors are ours to map.
  for (const command of [root, ...root.commands, ...root.commands.flatMap((c) => c.commands)]) {
    command.exitOverride();
    const examples = examplesOf(command.name());
    if (examples !== undefined) command.addHelpText('before', examples);
  }
  return root;
}

const SCENARIO = 'a scenario or official test by name (see list), or a module of your own';
const REPORTERS =
  'default, dot, json or github; beside it, files: junit=FILE, html=FILE (repeatable)';
const JOBS = 'workers that share the seeds (default: one a core, if many)';

function addRunCommands(root: Command): void {
  root.commandsGroup('Run:');
  withTargetOptions(root.command('run'))
    .description('run one seed and keep its history and trace')
    .argument('<scenario>', `${SCENARIO}; or a plan file`)
    .option('--seed <seed>', 'any text or number; "random" draws one (default: 1)')
    .addOption(
      new Option('--trace <level>', 'how much of the trace to keep')
        .choices(traceLevels)
        .default('full'),
    )
    .option('--metrics', 'also print messages, latencies and events; as JSON: in a second line')
    .option('--input <files>', 'text files for a job: names, or patterns in quotes', collect)
    .option('--out <folder>', 'where the files that a job makes go: a new or an empty folder')
    .option('--json', 'print the result as one line of JSON')
    .action(async (scenario, options) => {
      const { runCommand } = await import('./commands/run.ts');
      process.exitCode = await runCommand(scenario, options);
    });
  withTargetOptions(root.command('sweep'))
    .description('run many seeds')
    .argument('<scenario...>', `${SCENARIO}; or a pattern in quotes: 'raft/*'`)
    .option('--seeds <from..to>', 'range of seeds, with an optional PREFIX/ (default: 1..100)')
    .option('--count <n>', 'number of seeds, from 1')
    .option('--duration <time>', 'as many seeds as fit: 500ms, 60s, 5m, 1h')
    .option('--fresh', 'put a random prefix before the seeds')
    .option('--jobs <n>', JOBS)
    .option('--bail [n]', 'end with the first failure, or with the n-th')
    .option('--resume', 'go on with what an earlier sweep of the same has left')
    .option(
      '--shard <i/n>',
      'one of n machines that share the seeds; auto, or auto/n: as the system of jobs says',
    )
    .option('--reporter <name>', REPORTERS, collect)
    .option('--json', 'print one line of JSON a seed, and a summary')
    .action(async (scenarios, options) => {
      const { sweepCommand } = await import('./commands/sweep.ts');
      process.exitCode = await sweepCommand(scenarios, options);
    });
  withCodeOptions(root.command('suite'))
    .description('the official tests in their order, a row each, beside the figures of the course')
    .option('--lab <lab>', 'only those of a lab (3) or of a part of one (3C)')
    .option('--seeds <from..to>', 'range of seeds, with an optional PREFIX/ (default: 1..1)')
    .option('--count <n>', 'number of seeds of each test, from 1')
    .option('--set <key=value>', 'set a param of every test (repeatable; see list)', collect)
    .option('--jobs <n>', JOBS)
    .option('--json', 'print one line of JSON a test, and a summary')
    .action(async (options) => {
      const { suiteCommand } = await import('./commands/suite.ts');
      process.exitCode = await suiteCommand(options);
    });
  root
    .command('list')
    .description('what can be run')
    .option('--lab <n>', 'only this lab')
    .option('--params', 'with the params of each scenario')
    .option('--profiles', 'the profiles of networks, disks and hardware instead')
    .option('--json', 'print one line of JSON each')
    .action(async (options) => {
      const { listCommand } = await import('./commands/list.ts');
      process.exitCode = listCommand(options);
    });
  root
    .command('demo')
    .description('all scenarios, one specimen, and what to do next (npm start)')
    .action(async () => {
      const { demoCommand } = await import('./commands/demo.ts');
      process.exitCode = await demoCommand();
    });
}

function addDebugCommands(root: Command): void {
  root.commandsGroup('Debug:');
  withTargetOptions(root.command('replay'))
    .description('run it again and print the trace')
    .argument('<what>', 'a plan file, a folder of results, or a scenario')
    .option('--seed <seed>', 'with a scenario: the seed (default: 1)')
    .option('--from <ms>', 'leave out what happened before')
    .option('--until <ms>', 'leave out what happened later; ends with the state of every node')
    .option(
      '--node <id>',
      'only what concerns this node; of several: what they do, and exchange',
      collect,
    )
    .option('--topic <name,...>', `only these topics: ${topics.join(', ')}`, collect)
    .option('--event <n|n..m>', 'only these events, with their payloads in full')
    .option('--why <event>', 'only the chain of causes of this event')
    .option('--state', 'end with the state of every node')
    .option('--all', 'also timers and wake-ups; with --why the whole chain')
    .option('--lines', 'a line a record with the name of its node, instead of columns')
    .option('--step', 'go through it event by event, at a prompt (help says what can be done)')
    .option('--metrics', 'print messages, latencies and events instead of the trace')
    .option('--perfetto <file>', 'write it for Perfetto or chrome://tracing instead')
    .option('--shiviz <file>', 'write it for ShiViz instead, with vector clocks')
    .option('--json', 'print one line of JSON an event')
    .addHelpText('after', exportHelp)
    .action(async (what, options) => {
      if (options.step === true) {
        const { stepCommand } = await import('./commands/step.ts');
        process.exitCode = await stepCommand(what, options);
        return;
      }
      const { replayCommand } = await import('./commands/replay.ts');
      process.exitCode = await replayCommand(what, options);
    });
  withTargetOptions(root.command('shrink'))
    .description('find the smallest plan that still fails in the same way')
    .argument('<what>', 'a plan file, a folder of results, or a scenario')
    .option('--seed <seed>', 'with a scenario: the seed (default: 1)')
    .option('--max-runs <n>', 'runs that may be used (default: 1000)')
    .option('--save [name]', 'also store it as a regression')
    .option('--json', 'print counts, result and plan as one line of JSON')
    .action(async (what, options) => {
      const { shrinkCommand } = await import('./commands/shrink.ts');
      process.exitCode = await shrinkCommand(what, options);
    });
  addView(root);
  withTargetOptions(root.command('diff'))
    .description('where two runs part: their events are aligned by cause')
    .argument(
      '<run...>',
      'one or two plan files, folders of results, or scenarios; or files of sweeps',
    )
    .option('--seed <seed>', 'with a scenario: the seed (default: 1); twice: both', collect)
    .option('--json', 'print all that differs as one line of JSON')
    .addHelpText('after', '\nExit codes: 0 the same, 1 they differ, 64 bad input.')
    .action(async (whats, options) => {
      const { diffCommand } = await import('./commands/diff.ts');
      process.exitCode = await diffCommand(whats, options);
    });
}

function addView(root: Command): void {
  withTargetOptions(root.command('view'))
    .description('write one page that shows a run: what was sent, known, asked and broken')
    .argument('[what]', 'a plan file, a folder of results, or a scenario', '.faultlab/latest')
    .option('--seed <seed>', 'with a scenario: the seed (default: 1)')
    .option('--out <file>', 'where to write the page (default: into the folder of the run)')
    .option('--serve', 'serve it to this machine only, instead of writing it')
    .option('--no-open', 'do not open it in a browser')
    .option('--json', 'print where it is as one line of JSON')
    .action(async (what, options) => {
      const { viewCommand } = await import('./commands/view.ts');
      process.exitCode = await viewCommand(what, options);
    });
}

function addJudgeCommands(root: Command): void {
  root.commandsGroup('Judge:');
  root
    .command('check')
    .description('is a recorded history linearizable?')
    .argument('<file>', 'the history, may be gzip; - for standard input')
    .option('--model <name>', 'what it should behave like: see below', 'versioned-kv')
    .addOption(
      new Option('--format <format>', 'format of the file')
        .choices(['jsonl', 'jepsen', 'porcupine-kv'])
        .default('jsonl'),
    )
    .option('--max-steps <n>', 'budget of the search; beyond it the verdict is unknown')
    .option('--closed-maybe', 'an ErrMaybe took effect, if at all, before it was returned')
    .option('--search', 'the general search, also where there is an exact algorithm')
    .option('--json', 'print verdict, reason and operations as one line of JSON')
    .option('--html <file>', 'also write a page that shows the history and its linearization')
    .addHelpText('after', checkHelp)
    .action(async (file, options) => {
      const { checkCommand } = await import('./commands/check.ts');
      process.exitCode = await checkCommand(file, options);
    });
  withTargetOptions(root.command('verify'))
    .description('does a seed give the same run however it is run?')
    .argument('<scenario>', SCENARIO)
    .option('--seed <seed>', 'any text or number', '1')
    .option('--json', 'print the digests as one line of JSON')
    .action(async (scenario, options) => {
      const { verifyCommand } = await import('./commands/verify.ts');
      process.exitCode = await verifyCommand(scenario, options);
    });
  root
    .command('grade')
    .description('somebody’s own implementations: the official tests, chaos, a score and hints')
    .argument('[file...]', 'TypeScript or JavaScript files, or patterns in quotes')
    .option('--impl <file>', 'the same, as other commands name it (repeatable)', collect)
    .option('--lab <lab>', 'labs (3) or parts (3C) instead of those whose layers it has', collect)
    .option('--seeds <from..to>', 'range of seeds, with an optional PREFIX/ (default: 1..10)')
    .option('--count <n>', 'number of seeds of an official test, from 1')
    .option('--jobs <n>', JOBS)
    .option('--csv <file>', 'write a table of all files, a row each')
    .option('--json', 'print one line of JSON a test, and one a file')
    .addHelpText('after', gradeHelp)
    .action(async (files, options) => {
      const { gradeCommand } = await import('./commands/grade.ts');
      process.exitCode = await gradeCommand(files, options);
    });
  const specimens = root.command('specimens').description('deliberately wrong variants');
  specimens
    .command('list')
    .description('all of them')
    .option('--lab <n>', 'only those of this lab')
    .option('--json', 'print one line of JSON each')
    .action(async (options) => {
      const { listSpecimens } = await import('./commands/specimens.ts');
      process.exitCode = listSpecimens(options);
    });
  specimens
    .command('show')
    .description('one of them, and what one learns from it')
    .argument('<id>', 'KV1, LK3, ...')
    .option('--json', 'print it as one line of JSON')
    .action(async (id, options) => {
      const { showSpecimen } = await import('./commands/specimens.ts');
      process.exitCode = showSpecimen(id, options);
    });
  addMatrixCommand(specimens);
}

function addMatrixCommand(specimens: Command): void {
  specimens
    .command('matrix')
    .description('what kills which, and how soon: seeds and seconds to the first failure')
    .argument('[id...]', 'KV1, LK3, ...; default: all')
    .option('--lab <n>', 'only those of this lab')
    .option(
      '--scenario <name>',
      `try this instead of where it is known to show; or a pattern: 'raft/*' (repeatable)`,
      collect,
    )
    .option('--most <n>', 'seeds of a range at most', '60')
    .option('--ranges <n>', 'ranges of seeds that have none in common', '5')
    .option('--view', 'only with the views of servers shown (default: both)')
    .option('--no-view', 'only with views withheld, where the scenario can')
    .option('--official', 'also the official tests of its lab alone, judged from outside')
    .option('--passes <n>', 'passes of the official tests, a seed each', '3')
    .option('--jobs <n>', 'workers that share the work (default: one a core)')
    .option('--md <file>', 'also write it as a table of Markdown')
    .option('--json', 'print one line of JSON a specimen, and a summary')
    .addHelpText('after', '\nExit codes: 0 all are killed, 1 one lives, 130 interrupted.')
    .action(async (ids, options) => {
      const { matrixCommand } = await import('./commands/matrix.ts');
      process.exitCode = await matrixCommand(ids, options);
    });
}

function addReportCommands(root: Command): void {
  const report = root.command('report').description('what sweeps that were kept came to');
  report
    .command('show')
    .description('tell of them again, in any form')
    .argument('[what...]', 'files of sweeps, or folders that hold some', ['.faultlab'])
    .option('--reporter <name>', REPORTERS, collect)
    .option('--json', 'print one line of JSON a seed, and a summary')
    .action(async (what, options) => {
      const { showReport } = await import('./commands/report.ts');
      process.exitCode = showReport(what, options);
    });
  report
    .command('merge')
    .description('the parts of a sweep that several machines have shared, as one')
    .argument('<what...>', 'files of sweeps, or folders that hold some')
    .requiredOption('--out <folder>', 'where the merged sweeps go, as in .faultlab')
    .option('--reporter <name>', REPORTERS, collect)
    .option('--json', 'print one line of JSON a seed, and a summary')
    .action(async (what, options) => {
      const { mergeReports } = await import('./commands/report.ts');
      process.exitCode = mergeReports(what, options);
    });
}

function addShellCommands(root: Command): void {
  root.commandsGroup('Set up:');
  root
    .command('init')
    .description('a skeleton to fill in: a lab in TypeScript, its first test, and what to do next')
    .addArgument(new Argument('<lab>', 'which one').choices(['raft', 'kv', 'mapreduce', 'shardkv']))
    .argument('<folder>', 'a new folder, or an empty one')
    .option('--json', 'print what was written as one line of JSON')
    .action(async (kind, folder, options) => {
      const { initCommand } = await import('./commands/init.ts');
      process.exitCode = initCommand(kind, folder, options);
    });
  root
    .command('doctor')
    .description('versions, cores, and whether runs are the same here as everywhere')
    .option('--json', 'print what was found as one line of JSON')
    .action(async (options) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      process.exitCode = await doctorCommand(options);
    });
  root
    .command('completion')
    .description('print a script that teaches your shell to complete faultlab')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText('after', completionHelp)
    .action((shell: Shell) => {
      process.stdout.write(`${completionScripts[shell]}\n`);
    });
  root
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const { candidates } = await import('./completion.ts');
      for (const word of candidates(root, words)) process.stdout.write(`${word}\n`);
    });
}

async function main(): Promise<void> {
  // A reader that stops reading (`| head`) is no error, nor does it change a verdict that is known;
  // but what was not finished by then must not look as if it had been.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? ExitCode.interrupted);
    // A result that nobody can read must not look like a verdict.
    process.stderr.write(`faultlab: cannot write the output: ${error.message}\n`);
    process.exit(ExitCode.internal);
  });
  // Where nobody can be told what is wrong, the exit code still says that something is.
  process.stderr.on('error', () => {});
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = await fail(error);
  }
}

async function fail(error: unknown): Promise<number> {
  // Commander has printed its own message; help and version are no errors.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 || error.code === 'commander.help' ? 0 : ExitCode.usage;
  }
  // Interrupted before anything was done.
  if (error instanceof Error && error.name === 'SessionClosed') return ExitCode.interrupted;
  if (isUsage(error)) process.stderr.write(`faultlab: ${visible(error.message)}\n`);
  else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const { inOwnSources } = await import('../scenarios/runner/node-own-sources.ts');
    process.stderr.write(`faultlab: ${visible(inOwnSources(text))}\n`);
    process.stderr.write('This is a bug in Faultlab: please report it.\n');
  }
  return exitCodeOfError(error);
}

await main();
