/** Whatever a right Raft may do, everybody is told the truth, once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env } from '../../sim/index.ts';
import { ListMachine } from '../testing/list-machine.ts';
import { MemoryPersister } from '../testing/memory-persister.ts';
import { ScriptedRaft } from '../testing/scripted-raft.ts';
import type { SubmitResult } from './contract.ts';
import { makeRsm } from './rsm.ts';

type Step =
  | { readonly do: 'propose' | 'commit' | 'elect' }
  /** Another leader replaces so many entries by so many of its own. */
  | { readonly do: 'usurp'; readonly drop: number; readonly add: number }
  /** So many entries are committed elsewhere, and arrive as a snapshot. */
  | { readonly do: 'install'; readonly entries: number }
  | { readonly do: 'wait'; readonly ms: number };

const few = fc.integer({ min: 0, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'propose' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'commit' as const }) },
  fc.constant({ do: 'elect' as const }),
  fc.record({ do: fc.constant('usurp' as const), drop: few, add: few }),
  fc.record({ do: fc.constant('install' as const), entries: few }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 30, 60) }),
);

/** A log as Raft would have it, of which a part is committed, and a replica on it. */
class Course {
  readonly raft = new ScriptedRaft();
  readonly machine = new ListMachine();
  /** What each request was answered; more than one answer is one too many. */
  readonly answers = new Map<string, SubmitResult[]>();
  committed = 0;
  private others = 0;

  async run(steps: readonly Step[]): Promise<void> {
    const world = new World(1, { host: nodeHost() });
    const isSynchronous = true;
    world.addNode('s0', (env) => this.program(env, steps), { isSynchronous });
    await world.run({ untilMs: 60_000 });
    if (world.failure !== undefined) throw new Error(world.failure.message);
  }

  /** Requests in the log up to an index. */
  requests(to: number): unknown[] {
    return this.raft.log.slice(1, to + 1).map((entry) => (entry as { request: unknown }).request);
  }

  private program(env: Env, steps: readonly Step[]): void {
    const persister = new MemoryPersister();
    const { raft, machine } = this;
    const host = { peers: [], me: 0, persister, maxRaftState: -1, makeRaft: raft.make };
    const { propose } = makeRsm(env, host, machine);
    let atMs = 0;
    for (const [i, next] of steps.entries()) {
      atMs += next.do === 'wait' ? next.ms : 1;
      env.setTimer(atMs, () => {
        if (next.do !== 'propose') return this.take(next);
        const name = `r${i}`;
        this.answers.set(name, []);
        propose!(name, (result) => this.answers.get(name)!.push(result));
      });
    }
    env.setTimer(atMs + 10, () => {
      raft.depose();
      while (this.committed < raft.lastIndex) raft.commit(++this.committed);
    });
  }

  private take(next: Exclude<Step, { readonly do: 'propose' }>): void {
    const { raft } = this;
    if (next.do === 'elect') raft.elect();
    if (next.do === 'commit' && this.committed < raft.lastIndex) raft.commit(++this.committed);
    if (next.do === 'usurp') {
      raft.depose(1);
      raft.lastIndex = Math.max(this.committed, raft.lastIndex - next.drop);
      for (let i = 0; i < next.add; i++) {
        const name = `other${this.others++}`;
        raft.log[++raft.lastIndex] = { id: name, request: name };
      }
    }
    if (next.do === 'install') {
      this.committed = Math.min(raft.lastIndex, this.committed + next.entries);
      const { committed } = this;
      raft.install(committed, `${committed} ${JSON.stringify(this.requests(committed))}`);
    }
  }
}

test('every request is answered once, and truly', async () => {
  const seen = { OK: 0, 'surely not': 0, maybe: 0, 'maybe, and it was': 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const course = new Course();
      await course.run(steps);
      const all = course.requests(course.committed);

      expect(course.machine.items).toEqual(all);
      for (const [name, answers] of course.answers) {
        expect(answers).toHaveLength(1);
        const answer = answers[0]!;
        if (answer.err === 'OK') {
          const { index, result } = answer;
          expect(all[index - 1]).toBe(name);
          expect(result).toBe(`${index}: ${all.slice(0, index).join(' ')}`);
          seen.OK++;
        } else if (answer.isMaybe) {
          seen.maybe++;
          if (all.includes(name)) seen['maybe, and it was']++;
        } else {
          expect(all).not.toContain(name);
          seen['surely not']++;
        }
      }
    }),
    { numRuns: 300 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});
