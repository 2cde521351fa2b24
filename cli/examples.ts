/**
 * What the help of a command begins with: most people look for a line to copy. Each line is a
 * command without its name, and what it is good for.
 */
const EXAMPLES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  run: [
    ['run kv/chaos', 'seed 1: its verdict, history and trace'],
    ['run TestFigure8Unreliable3C --seed 7', 'an official test by its own name'],
    ['run kv/chaos --impl my-kv.ts', 'your server instead of ours'],
    ['run raft/chaos-5 --faults none', 'the same workload, and nothing goes wrong'],
  ],
  sweep: [
    ['sweep raft/chaos-5', 'seeds 1 to 100'],
    ['sweep kv/chaos lock/chaos --duration 60s', 'as many as fit into a minute each'],
    ['sweep kv/chaos --impl my-kv.ts --fresh', 'seeds that nobody has seen'],
    [`sweep 'raft/*' --count 9999 --resume`, 'go on where it was cut off'],
    ['sweep raft/chaos-5 --count 9999 --shard 2/8', 'one of eight machines: see report merge'],
    ['sweep kv/chaos --bail --reporter html=page.html', 'to the first failure, and a page of it'],
  ],
  suite: [
    ['suite --lab 3', 'all official tests of Raft'],
    ['suite --lab 3C --impl my-raft.ts --count 20', 'yours, with twenty seeds each'],
  ],
  replay: [
    ['replay .faultlab/latest', 'the trace of the last run'],
    ['replay .faultlab/latest --step', 'event by event, back and forth, and forked'],
    ['replay kv/chaos --seed 7 --why 120', 'what led to event 120'],
    ['replay .faultlab/latest --node s0 --until 800', 'one node, and the state at 800 ms'],
  ],
  view: [
    ['view', 'the last run'],
    ['view raft/chaos-5 --seed 7', 'that one: in .faultlab/raft/chaos-5/7/page.html'],
    ['view plan.json --out look.html', 'a plan, or a regression'],
    ['view raft/late-votes --specimen R9', 'two leaders in one term, and how it came to that'],
  ],
  shrink: [
    ['shrink .faultlab/latest', 'the smallest plan that fails like the last run'],
    ['shrink lock/chaos --seed 5 --specimen LK1 --save', 'and keep it as a regression'],
  ],
  diff: [
    ['diff .faultlab/latest', 'the last run as it was kept, and as it is today'],
    ['diff kv/chaos --seed 1 --impl my-kv.ts', 'our code, and yours'],
    ['diff kv/chaos --seed 1 --seed 2', 'two seeds'],
    ['diff before.json after.json', 'two plans, or folders of results'],
    ['diff .faultlab/kv/chaos/sweep.jsonl', 'which seeds of a sweep have changed since'],
  ],
  check: [
    ['check history.jsonl', 'is it a history of a versioned key-value store?'],
    ['check history.jsonl.gz --model register', 'or of registers?'],
    ['check history.jsonl --html page.html', 'and a page to look at, step by step'],
    ['check - --format jepsen --model cas-register < etcd.log', 'what Jepsen has recorded'],
  ],
  matrix: [
    ['specimens matrix R13', 'how soon its scenarios kill it, with views and without'],
    ['specimens matrix --lab 2 --official', 'and what the official tests alone make of it'],
    ['specimens matrix --lab 3 --scenario raft/chaos-5 --no-view', 'free chaos, from outside'],
  ],
  verify: [
    ['verify raft/chaos-5 --seed 7', 'the same run in a thread, a process, without a trace'],
  ],
  grade: [
    ['grade --impl my-raft.ts --lab 3A', 'elections: each test, a score, and what broke'],
    ['grade my-kv.ts --count 3', 'a first look: three seeds of each test'],
    [
      `grade 'class/*.ts' --csv grades.csv`,
      'a class: a row a file, also of those that fail to load',
    ],
  ],
  init: [
    ['init raft my-raft', 'a Raft to fill in, and its first test'],
    ['init kv my-kv', 'the same for the key/value server and the lock'],
  ],
};

/** Names of the commands that have examples. */
export const exampleCommands: readonly string[] = Object.keys(EXAMPLES);

/** Examples for a command; undefined if it explains itself. */
export function examplesOf(command: string): string | undefined {
  const lines = EXAMPLES[command];
  if (lines === undefined) return undefined;
  const told = lines.map(([line, use]) => `  faultlab ${line}\n      ${use}\n`);
  return `Examples:\n${told.join('')}`;
}
