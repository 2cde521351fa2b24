import type { Hint } from './grading.ts';

/** Hints on what the world itself finds wrong, whatever the lab. */
export const worldHints: readonly Hint[] = [
  {
    checks: ['uncaught error', 'stray rejection', 'the scenario throws'],
    guarantee: 'the code under test never throws past its own handlers and tasks',
    source: 'in Go: a panic, which ends the process',
    tests: [],
    questions: [
      'Which request, or which state after a restart, did the code not expect?',
      'What may have changed between the start of the task and the line that throws?',
    ],
  },
  {
    checks: ['leak'],
    guarantee: 'a node reaches time, randomness and other nodes through its env only',
    source: 'docs/determinism.md',
    tests: [],
    questions: ['Which line asks the host (Date, Math.random, a timer) instead of the env?'],
  },
  {
    checks: ['hang', 'time stands still', 'out of memory', 'worker exited', 'worker crashed'],
    guarantee: 'every piece of work comes to an end, or waits for something of its env',
    source: 'the labs: "do not loop without pausing"',
    tests: [],
    questions: [
      'What ends each loop if the condition that it waits for never comes true?',
      'Does each turn of a loop that polls wait for some virtual time?',
    ],
  },
  {
    checks: ['the run comes to an end'],
    guarantee: 'every operation returns, as long as a majority is up and connected',
    source: 'the labs: a test takes 120 s at most',
    tests: [],
    questions: [
      'Who waits for whom? Does anybody hold a lock while waiting?',
      'Is somebody told when what they wait for will never happen?',
    ],
  },
];
