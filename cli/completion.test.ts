import { Argument, Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { candidates, FILES } from './completion.ts';

const root = new Command('faultlab');
root
  .command('run')
  .argument('<scenario>')
  .option('--seed <seed>')
  .option('--specimen <id>')
  .option('--disk <name>')
  .option('--impl <file>')
  .option('-j, --json')
  .addOption(new Option('--trace <level>').choices(['off', 'full']));
root.command('ruin');
root.command('hidden', { hidden: true });
root.command('shell').addArgument(new Argument('<shell>').choices(['bash', 'zsh']));
const specimens = root.command('specimens');
specimens.command('show').argument('<id>');
specimens.command('matrix').argument('[id...]').option('--scenario <name>');

const after = (line: string): string[] => candidates(root, line.split(' '));

describe('a line is completed', () => {
  test.each([
    ['ru', ['run', 'ruin']],
    ['run kv/ch', ['kv/chaos', FILES]],
    ['run kv/chaos --tr', ['--trace']],
    ['run kv/chaos --trace ', ['off', 'full']],
    ['run --trace off lock/ch', ['lock/chaos', FILES]],
    ['run kv/chaos --disk torn-', ['torn-4096']],
    ['run kv/chaos --impl ex', [FILES]],
    ['run kv/chaos --seed ', []],
    // It takes no value, so what follows is an argument.
    ['run --json lock/ch', ['lock/chaos', FILES]],
    ['run -', ['--seed', '--specimen', '--disk', '--impl', '--json', '-j', '--trace', '--help']],
    ['shell z', ['zsh']],
    ['specimens show LK1', expect.arrayContaining(['LK1'])],
    ['specimens matrix R13 LK1', expect.arrayContaining(['LK1'])],
    ['specimens matrix --scenario raft/hu', ['raft/hunt-5']],
    ['run kv/chaos --specimen LK1', expect.arrayContaining(['LK1'])],
    ['hid', []],
    ['unknown x', []],
  ])('%s', (line, expected) => {
    expect(after(line)).toEqual(expected);
  });

  test('with every command where there is nothing yet, but for hidden ones', () => {
    expect(after('')).toEqual(['run', 'ruin', 'shell', 'specimens', 'help']);
  });
});
