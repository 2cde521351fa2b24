import type { RequestVoteArgs } from '../../../raft/index.ts';
import type { RaftInvariant } from './invariant.ts';
import { isPositive, type Spoken } from './spoken.ts';

/**
 * "A candidate wins an election if it receives votes from a majority of the servers in the full
 * cluster for the same term" (§5.2): votes of that very term, and no others.
 */
export class ElectedByMajority implements RaftInvariant {
  readonly name = 'Elected by a Majority';
  private readonly ids: readonly string[];
  /** By term and candidate: who has voted for it. */
  private readonly votes = new Map<string, Set<string>>();
  private speaksOurLanguage = false;

  constructor(ids: readonly string[]) {
    this.ids = ids;
  }

  /** A server says something: to be told before it is on its way. */
  spoke(id: string, { method, args, reply, isOwn }: Spoken): void {
    if (method !== 'RequestVote' || !isOwn) return;
    const { term, candidateId } = (args ?? {}) as RequestVoteArgs;
    // A request is the candidate's vote for itself.
    if (reply === undefined) this.speaksOurLanguage = true;
    else if (!isPositive(reply, 'voteGranted')) return;
    this.votersOf(term, candidateId).add(id);
  }

  look({ server, view, before }: Parameters<RaftInvariant['look']>[0]): string | undefined {
    const isElected = view.role === 'leader' && before?.role !== 'leader';
    if (!isElected || !this.speaksOurLanguage) return undefined;
    const { ids } = this;
    const voters = this.votersOf(view.currentTerm, ids.indexOf(server.id)).add(server.id);
    if (2 * voters.size > ids.length) return undefined;
    const who = [...voters].toSorted().join(', ');
    return `${server.id} leads term ${view.currentTerm} by the votes of ${who} alone`;
  }

  private votersOf(term: number, candidate: number): Set<string> {
    const key = `${term}/${candidate}`;
    let voters = this.votes.get(key);
    if (voters === undefined) this.votes.set(key, (voters = new Set()));
    return voters;
  }
}
