import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Rules, rules } from '../core/rules.ts';
import { runTranscript } from '../testing/transcript.ts';

const folder = import.meta.dirname;
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.txt'));

function read(name: string): string {
  return fs.readFileSync(path.join(folder, name), 'utf8');
}

/** To write anew what is expected: `npx vitest run --project unit raft/transcripts -u`. */
describe('the transcript', () => {
  test.each(files)('%s', async (name) => {
    await expect(runTranscript(read(name))).toMatchFileSnapshot(path.join(folder, name));
  });
});

/** What goes wrong in a transcript if one rule does. */
const wrong: [name: string, change: Partial<Rules>, violation: string][] = [
  [
    'figure-8-d.txt',
    {
      // Without the condition on the term: two of the others and the leader.
      leaderCommitIndex: ({ progress }) =>
        progress.map(({ matchIndex }) => matchIndex).toSorted((a, b) => b - a)[2]!,
    },
    'Leader Completeness: n4 leads in term 5 without entry 2/2',
  ],
  ['leader-completeness.txt', { isUpToDate: () => true }, 'Leader Completeness: n2'],
  ['stale-reply.txt', { isCurrentReply: () => true }, 'Leader Completeness'],
  ['snapshot-stale.txt', { acceptsSnapshot: () => true }, 'Monotony: commitIndex of n2'],
  ['snapshot-retained-suffix.txt', { retainsSuffix: () => false }, 'Leader Completeness: n1'],
  ['snapshot-conflicting-log.txt', { retainsSuffix: () => true }, 'Log Matching'],
  ['split-vote.txt', { mayGrantVote: () => true }, 'Election Safety'],
];

describe('with a wrong rule there is a violation in', () => {
  test.each(wrong)('%s', (name, change, violation) => {
    const lines = runTranscript(read(name), { ...rules, ...change }).split('\n');
    expect(lines.at(-2)).toContain(`VIOLATES ${violation}`);
    expect(read(name)).not.toContain('VIOLATES');
  });
});

describe('a transcript that cannot be carried out names the line', () => {
  const cases: [text: string, problem: string][] = [
    ['servers 1\nnonsense\n', 'line 2: what is "nonsense"?'],
    ['servers 1\nn1 log 1\n', 'line 2: what is "n1 log 1"?'],
    ['servers 1\nn0 lug 1\n', 'line 2: a server needs a log, a term or a vote'],
    ['servers 1\n\n> n1 crashes\n', 'line 3: there is no server n1'],
    ['servers 1\n> n0 dances\n', 'line 2: a server knows no "dances"'],
    ['servers 1\n> v1 arrives\n', 'line 2: nobody has sent "v1"'],
    ['servers 2\n> n0 ElectionTimeout\n> v1 flies\n', 'line 3: a message knows no "flies"'],
    ['servers 2\n> n0 ElectionTimeout\n> v1 answered\n', 'line 3: v1 has no answer'],
    [
      'servers 2\n> n0 ElectionTimeout\n> v1 lost\n> v1 lost\n',
      'line 4: n0 knows already what became of v1',
    ],
    [
      'servers 2\n> n0 ElectionTimeout\n> n0 crashes\n> v1 lost\n',
      'line 4: n0 has crashed since it sent v1',
    ],
    ['servers 1\n> state\nnonsense\n', 'line 3: what is "nonsense"?'],
  ];
  test.each(cases)('%j', (text, problem) => {
    expect(() => runTranscript(text)).toThrow(problem);
  });
});
