import type { RequestVoteArgs, RequestVoteReply } from '../../../raft/index.ts';
import type { RaftInvariant } from './invariant.ts';
import type { Spoken } from './spoken.ts';

/**
 * "A candidate wins an election if it receives votes from a majority of the servers in the full
 * cluster for the same term" (§5.2): votes of that very term, and no others.
 */
export class ElectedByMajority implements RaftInvariant {
  readonly name = 'Elected by a Majority';
  private readonly ids: readonly string[];
  /** By term and candidate: who has voted for it. */
  private readonly votes = new Map<string, Set<string>>();
  /**
   * Have all votes been asked for and given in our words? Somebody else's may be different, and
   * then nothing can be said. Undefined = there were none.
   */
  private isUnderstood: boolean | undefined = undefined;

  constructor(ids: readonly string[]) {
    this.ids = ids;
  }

  /** A server says something: to be told before it is on its way. */
  spoke(id: string, { method, args, reply, isOwn }: Spoken): void {
    if (method !== 'RequestVote' || !isOwn) return;
    const { term, candidateId = -1 } = (args ?? {}) as Partial<RequestVoteArgs>;
    const isRequest = reply === undefined;
    // A request is the candidate's vote for itself.
    const { voteGranted = isRequest || undefined } = (reply ?? {}) as Partial<RequestVoteReply>;
    const isNamed = isRequest ? this.ids[candidateId] === id : candidateId in this.ids;
    if (typeof term !== 'number' || !isNamed || typeof voteGranted !== 'boolean') {
      this.isUnderstood = false;
      return;
    }
    this.isUnderstood ??= true;
    if (voteGranted) this.votersOf(term, candidateId).add(id);
  }

  look({ server, view, before }: Parameters<RaftInvariant['look']>[0]): string | undefined {
    const isElected = view.role === 'leader' && before?.role !== 'leader';
    if (!isElected || this.isUnderstood !== true) return undefined;
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
