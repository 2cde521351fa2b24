import type { ApplyMessage, Command } from '../contract.ts';
import type { State } from '../core/state.ts';
import type { Cores, Happening } from './cores.ts';

/** A property of Figure 3 does not hold. */
export class SafetyViolation extends Error {
  override readonly name = 'SafetyViolation';
}

interface Place {
  readonly index: number;
  readonly term: number;
}

/** An entry, and the term of the one before it: thus each stands for all before it. */
interface Entry {
  readonly command: Command;
  readonly before: number;
}

/** What a leader has been seen to be. */
interface Leadership {
  readonly server: number;
  /** Terms of its log when it was elected, from index 1; a hole = covered by its snapshot. */
  readonly terms: readonly (number | undefined)[];
}

/**
 * The properties of Figure 3, checked from outside after every step of {@link Cores}: it remembers
 * what was ever seen, whatever servers have forgotten since.
 */
export class Safety {
  private readonly leaders = new Map<number, Leadership>();
  /** By index and term. */
  private readonly entries = new Map<string, Entry>();
  /** Term of the committed entry at each index, and the term in which it was first committed. */
  private readonly committed = new Map<number, { readonly term: number; readonly in: number }>();
  private readonly applied = new Map<number, Command>();
  private readonly lastSeen = new Map<number, Seen>();
  /** Servers that have changed their log since it was looked at. */
  private readonly changed = new Set<number>();
  private cores!: Cores;

  /** Watch servers; call it once. */
  watch(cores: Cores): void {
    this.cores = cores;
    cores.members.forEach(({ core }, at) => this.look(at, core.state));
  }

  /** Take note of what a server shows. */
  see(happening: Happening): void {
    if (happening.type === 'writes') this.changed.add(happening.server);
    if (happening.type === 'leads') this.elected(happening.server);
    if (happening.type === 'applies') this.apply(happening.server, happening.message);
  }

  /** Look at all servers, after a step. */
  check(): void {
    this.cores.members.forEach(({ core }, at) => this.look(at, core.state));
  }

  private elected(server: number): void {
    const { state } = this.cores.members[server]!.core;
    const { currentTerm, log } = state;
    const other = this.leaders.get(currentTerm);
    if (other !== undefined && other.server !== server) {
      fail('Election Safety', `n${other.server} and n${server} both lead in term ${currentTerm}`);
    }
    const terms = Array.from({ length: log.lastIndex + 1 }, (_, index) => log.term(index));
    this.leaders.set(currentTerm, { server, terms });
    for (const [index, { term, in: since }] of this.committed) {
      if (since < currentTerm) this.checkComplete(currentTerm, { index, term });
    }
  }

  private checkComplete(leaderTerm: number, { index, term }: Place): void {
    const { server, terms } = this.leaders.get(leaderTerm)!;
    if (index < terms.length && (terms[index] === undefined || terms[index] === term)) return;
    const what = `entry ${index}/${term}, committed before`;
    fail('Leader Completeness', `n${server} leads in term ${leaderTerm} without ${what}`);
  }

  private apply(server: number, message: ApplyMessage): void {
    const { service } = this.cores.members[server]!;
    if (service.length !== message.index || service.includes(undefined)) {
      fail('State Machine Safety', `n${server} applies index ${message.index} out of order`);
    }
    const from = message.kind === 'snapshot' ? 1 : message.index;
    for (let index = from; index <= message.index; index++) {
      const command = service[index - 1];
      const known = this.applied.get(index) ?? command;
      this.applied.set(index, known);
      if (known === command) continue;
      const two = `${String(command)}, and another server ${String(known)}`;
      fail('State Machine Safety', `at index ${index} n${server} has applied ${two}`);
    }
  }

  private look(at: number, state: State): void {
    const { life } = this.cores.members[at]!;
    const { currentTerm, commitIndex, lastApplied, role } = state;
    const before = this.lastSeen.get(at);
    const isSameLog = before?.life === life && !this.changed.has(at);
    const terms = isSameLog ? before.terms : this.lookAtLog(at, state);
    this.changed.delete(at);
    const now = { life, currentTerm, commitIndex, lastApplied, role, terms };
    this.lastSeen.set(at, now);
    if (before?.life === life) this.compare(at, before, now);
    for (let index = (before?.commitIndex ?? 0) + 1; index <= commitIndex; index++) {
      this.commit(at, state, index);
    }
  }

  private compare(at: number, before: Seen, now: Seen): void {
    for (const name of ['currentTerm', 'commitIndex', 'lastApplied'] as const) {
      if (now[name] < before[name]) fail('Monotony', `${name} of n${at} went back`);
    }
    const isSame = before.currentTerm === now.currentTerm && before.role === now.role;
    if (now.role !== 'leader' || !isSame) return;
    const lost = before.terms.findIndex((term, index) => {
      const kept = now.terms[index];
      return index >= now.terms.length || (kept !== undefined && kept !== term);
    });
    if (lost >= 0) fail('Leader Append-Only', `n${at} has deleted entry ${lost} while it led`);
  }

  /** "If two logs contain an entry with the same index and term": the same entry, and before it. */
  private lookAtLog(at: number, { log }: State): (number | undefined)[] {
    const terms: (number | undefined)[] = [];
    terms.length = log.snapshotIndex;
    terms.push(log.snapshotTerm);
    for (let index = log.snapshotIndex + 1; index <= log.lastIndex; index++) {
      const term = log.term(index)!;
      const entry = { command: log.command(index), before: terms[index - 1]! };
      const key = `${index}/${term}`;
      const known = this.entries.get(key) ?? entry;
      this.entries.set(key, known);
      if (known.command !== entry.command || known.before !== entry.before) {
        const two = `${inWords(entry)}, elsewhere ${inWords(known)}`;
        fail('Log Matching', `entry ${key} of n${at} is ${two}`);
      }
      terms.push(term);
    }
    return terms;
  }

  private commit(at: number, { log, currentTerm }: State, index: number): void {
    const term = log.term(index);
    if (term === undefined) return;
    const known = this.committed.get(index);
    if (known !== undefined && known.term !== term) {
      const two = `${index}/${term} and ${index}/${known.term}`;
      fail('State Machine Safety', `${two} are both committed, the first one by n${at}`);
    }
    const since = Math.min(currentTerm, known?.in ?? Infinity);
    this.committed.set(index, { term, in: since });
    for (const leaderTerm of this.leaders.keys()) {
      if (leaderTerm > since) this.checkComplete(leaderTerm, { index, term });
    }
  }
}

interface Seen {
  readonly life: number;
  readonly currentTerm: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly role: State['role'];
  readonly terms: readonly (number | undefined)[];
}

function fail(property: string, what: string): never {
  throw new SafetyViolation(`${property}: ${what}`);
}

function inWords({ command, before }: Entry): string {
  return `${String(command)} after term ${before}`;
}
