import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { userModules } from '../scenarios/node-catalogue.ts';
import { Target } from '../scenarios/runner/node-target.ts';
import { skeletons, writeSkeleton } from './skeletons.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'faultlab-init-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const registry = new Registry(packs);

async function runs(
  impl: string,
  scenario: string,
  seeds: readonly number[],
): Promise<RunResult[]> {
  const target = await Target.open(registry, { scenario, impl, overrides: {} }, userModules);
  const results: RunResult[] = [];
  for (const seed of seeds) {
    results.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
  }
  return results;
}

/** An election, as a student might fill it in: each text of the skeleton and what it becomes. */
const ELECTION: readonly (readonly [string, string])[] = [
  [
    '  private currentTerm = 0;\n',
    `  private currentTerm = 0;
  private votedFor = -1;
  private role: 'follower' | 'candidate' | 'leader' = 'follower';
  private heardMs = 0;
  private see(term: number): void {
    if (term <= this.currentTerm) return;
    this.currentTerm = term;
    this.votedFor = -1;
    this.role = 'follower';
  }
  private async elect(): Promise<void> {
    const term = ++this.currentTerm;
    this.role = 'candidate';
    this.votedFor = this.me;
    this.heardMs = this.env.monotonic();
    let votes = 1;
    for (const i of this.peers.keys()) {
      if (i === this.me) continue;
      this.env.spawn('ask', async () => {
        const args = { term, candidate: this.me };
        const reply = await this.call<RequestVoteReply>(i, 'RequestVote', args);
        this.see(reply?.term ?? 0);
        if (reply?.voteGranted !== true || this.role !== 'candidate') return;
        if (this.currentTerm !== term || 2 * ++votes <= this.peers.length) return;
        this.role = 'leader';
        this.env.spawn('lead', () => this.lead(term));
      });
    }
  }
  private async lead(term: number): Promise<void> {
    while (this.role === 'leader' && this.currentTerm === term) {
      for (const i of this.peers.keys()) {
        if (i === this.me) continue;
        this.env.spawn('beat', async () => {
          const reply = await this.call<AppendEntriesReply>(i, 'AppendEntries', { term });
          this.see(reply?.term ?? 0);
        });
      }
      await this.env.sleep(100);
    }
  }
`,
  ],
  ['term: this.currentTerm, isLeader: false };\n  }\n\n  /** The service has', 'LEADER'],
  ['interface RequestVoteArgs {\n', 'interface RequestVoteArgs {\n  readonly candidate: number;\n'],
  [
    'requestVote(_args: RequestVoteArgs): RequestVoteReply {\n',
    `requestVote(args: RequestVoteArgs): RequestVoteReply {
    this.see(args.term);
    const isFree = this.votedFor === -1 || this.votedFor === args.candidate;
    if (args.term === this.currentTerm && isFree) {
      this.votedFor = args.candidate;
      this.heardMs = this.env.monotonic();
      return { term: this.currentTerm, voteGranted: true };
    }
`,
  ],
  [
    'appendEntries(_args: AppendEntriesArgs): AppendEntriesReply {\n',
    `appendEntries(args: AppendEntriesArgs): AppendEntriesReply {
    this.see(args.term);
    if (args.term === this.currentTerm) {
      this.role = 'follower';
      this.heardMs = this.env.monotonic();
    }
`,
  ],
  [
    '      // Your code here (3A): should an election begin?\n',
    `      const silentMs = this.env.monotonic() - this.heardMs;
      if (this.role !== 'leader' && silentMs > 400) await this.elect();
`,
  ],
];

function filledIn(source: string): string {
  return ELECTION.reduce((text, [find, replace]) => {
    expect(text.split(find)).toHaveLength(2);
    const leader = find.replace('isLeader: false', `isLeader: this.role === 'leader'`);
    return text.replace(find, () => (replace === 'LEADER' ? leader : replace));
  }, source);
}

describe('a skeleton', () => {
  test.each(Object.keys(skeletons))(
    'of %s loads as it is, and does nothing right yet',
    async (kind) => {
      const own = join(folder, kind);
      const files = writeSkeleton(kind, own);

      expect(files).toContain(`${kind}.ts`);
      for (const name of files) expect(readFileSync(join(own, name), 'utf8')).not.toContain('{{');
      const first = /scenario\('(\w+)'\)/.exec(
        readFileSync(join(own, `${kind}.test.ts`), 'utf8'),
      )![1]!;
      const [result] = await runs(join(own, `${kind}.ts`), first, [1]);
      expect(result!.verdict).not.toBe('pass');
    },
  );

  test('of raft with an election passes the tests of elections', { timeout: 120_000 }, async () => {
    const own = join(folder, 'elects');
    writeSkeleton('raft', own);
    const file = join(own, 'raft.ts');
    writeFileSync(file, filledIn(readFileSync(file, 'utf8')));

    for (const name of ['TestInitialElection3A', 'TestReElection3A', 'TestManyElections3A']) {
      for (const result of await runs(file, name, [1, 2, 3])) {
        expect(result).toMatchObject({ verdict: 'pass' });
      }
    }
    for (const result of await runs(file, 'raft/election-chaos', [1, 2, 3, 4, 5])) {
      expect(result).toMatchObject({ verdict: 'pass' });
      expect(result.activity['leaders']).toBeGreaterThan(1);
    }
  });
});

describe('a folder that is not empty', () => {
  test('is refused, and keeps what it has', () => {
    const own = join(folder, 'full');
    writeSkeleton('kv', own);
    writeFileSync(join(own, 'kv.ts'), 'mine');
    rmSync(join(own, 'README.md'));
    const before = readdirSync(own);

    expect(() => writeSkeleton('kv', own)).toThrow(/is not empty/);
    expect(readdirSync(own)).toEqual(before);
    expect(readFileSync(join(own, 'kv.ts'), 'utf8')).toBe('mine');
  });

  test('so is one without a name', () => {
    expect(() => writeSkeleton('raft', '')).toThrow(/name a folder/);
  });

  test('is named in commands as a shell takes it', () => {
    const own = join(folder, 'my own');
    writeSkeleton('raft', own);

    expect(readFileSync(join(own, 'README.md'), 'utf8')).toContain(`--impl '${own}/raft.ts' --lab`);
  });

  test('so is a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');

    expect(() => writeSkeleton('raft', file)).toThrow(/is a file/);
  });
});
