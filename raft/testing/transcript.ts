import type { LogEntry } from '../core/messages.ts';
import { type Rules, rules as ourRules } from '../core/rules.ts';
import { type Durable, NOTHING } from '../core/state.ts';
import { Cores, type Message } from './cores.ts';
import { Safety, SafetyViolation } from './safety.ts';
import { inWords, stateInWords, usualCommand } from './words.ts';

/**
 * Transcripts: small texts that say what happens to some servers and what comes of it.
 *
 * ```
 * # A comment, or the title.
 * servers 3
 * n1 log 1 1 4 term 5 vote n0     what n1 finds of an earlier life: terms of entries, from index 1
 *
 * > n0 ElectionTimeout            an input; the lines under it are what can be seen of it
 *   n0 writes term 1, vote n0
 *   v1 n0 -> n1 RequestVote term 1, last 0/0
 * > v1 arrives                    a message does what a line says, and nothing else
 * ```
 *
 * Inputs: `nX ElectionTimeout`, `nX HeartbeatTimeout`, `nX Start COMMAND`, `nX Snapshot INDEX`,
 * `nX crashes` (and is there again), `nX disk` (with `slow disks`: the first write that waits is
 * durable), `MESSAGE arrives` (again, if it has before), `MESSAGE answered`, `MESSAGE lost` (the
 * sender learns that), `state` of all servers or `state nX`. If a property of Figure 3 is
 * violated, a line says so, and is the last one.
 */
export class TranscriptError extends Error {
  override readonly name = 'TranscriptError';

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
  }
}

/**
 * Carry a transcript out, and give it back with what really came of each input: the same text if
 * all that it expects is so.
 * @throws TranscriptError
 */
export function runTranscript(text: string, rules?: Rules): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const first = lines.findIndex((line) => line.startsWith('>'));
  const head = first < 0 ? lines : lines.slice(0, first);
  const session = new Session(head, rules);
  const output = [...head];
  for (const [offset, line] of lines.slice(head.length).entries()) {
    const number = head.length + offset + 1;
    if (session.isOver) break;
    if (line.startsWith('> ')) output.push(line, ...session.run(number, line.slice(2)));
    else if (line === '' || line.startsWith('#')) output.push(line);
    else if (!line.startsWith('  ')) throw new TranscriptError(number, `what is "${line}"?`);
  }
  return `${output.join('\n')}\n`;
}

class Session {
  private readonly cores: Cores;
  private readonly safety = new Safety();
  private seen: string[] = [];
  /** A property has been violated: what would follow means nothing. */
  isOver = false;

  constructor(head: readonly string[], rules: Rules = ourRules) {
    const { durable, areDisksSlow } = readHead(head);
    this.cores = new Cores({
      size: durable.length,
      rules,
      durable,
      areDisksSlow,
      see: (happening) => {
        this.seen.push(inWords(happening));
        this.safety.see(happening);
      },
    });
    this.safety.watch(this.cores);
  }

  /** What came of an input. */
  run(number: number, input: string): string[] {
    this.seen = [];
    const [subject = '', verb = '', ...rest] = input.split(' ');
    try {
      if (subject === 'state') this.showState(verb);
      else if (/^n\d+$/.test(subject)) this.toServer(subject, verb, rest.join(' '));
      else this.toMessage(subject, verb);
      this.safety.check();
    } catch (error) {
      this.isOver = error instanceof SafetyViolation;
      if (this.isOver) this.seen.push(`VIOLATES ${(error as Error).message}`);
      else
        throw new TranscriptError(number, error instanceof Error ? error.message : String(error));
    }
    return this.seen.map((line) => `  ${line}`);
  }

  private showState(name: string): void {
    const chosen = name === '' ? this.cores.members : [this.cores.members[this.place(name)]!];
    this.seen = chosen.map(({ core }) => stateInWords(core.state));
  }

  private toServer(name: string, verb: string, argument: string): void {
    const { cores } = this;
    const at = this.place(name);
    if (verb === 'ElectionTimeout' || verb === 'HeartbeatTimeout') cores.input(at, { type: verb });
    else if (verb === 'Start') cores.input(at, { type: 'Start', command: argument });
    else if (verb === 'Snapshot') cores.snapshot(at, Number(argument));
    else if (verb === 'crashes') cores.crash(at);
    else if (verb === 'disk') cores.write(at);
    else throw new Error(`a server knows no "${verb}"`);
  }

  private toMessage(name: string, verb: string): void {
    const message = this.cores.messages.get(name);
    if (message === undefined) throw new Error(`nobody has sent "${name}"`);
    if (verb === 'arrives') return this.cores.arrive(message);
    this.assertWaiting(message);
    if (verb === 'lost') return this.cores.lose(message);
    if (verb !== 'answered') throw new Error(`a message knows no "${verb}"`);
    if (message.replies.length === 0) throw new Error(`${name} has no answer`);
    this.cores.answer(message);
  }

  private assertWaiting({ name, from, life, isSettled }: Message): void {
    if (isSettled) throw new Error(`n${from} knows already what became of ${name}`);
    if (this.cores.members[from]!.life !== life) {
      throw new Error(`n${from} has crashed since it sent ${name}`);
    }
  }

  private place(name: string): number {
    const at = Number(name.slice(1));
    if (this.cores.members[at] === undefined) throw new Error(`there is no server ${name}`);
    return at;
  }
}

interface Head {
  readonly durable: Durable[];
  areDisksSlow: boolean;
}

function readHead(lines: readonly string[]): Head {
  const head: Head = { durable: [], areDisksSlow: false };
  for (const [offset, line] of lines.entries()) {
    const [word = '', ...rest] = line.split(' ').filter((part) => part !== '');
    if (word === '' || word === '#') continue;
    const at = Number(word.slice(1));
    if (word === 'servers') head.durable.push(...Array<Durable>(Number(rest[0])).fill(NOTHING));
    else if (line === 'slow disks') head.areDisksSlow = true;
    else if (head.durable[at] !== undefined) head.durable[at] = readServer(offset + 1, rest);
    else throw new TranscriptError(offset + 1, `what is "${line}"?`);
  }
  return head;
}

/** `log 1 1 4 term 5 vote n0`; the term is that of the last entry if it is not said. */
function readServer(number: number, words: readonly string[]): Durable {
  const fields = words.join(' ').matchAll(/(log|term|vote) ([\dn ]+)/g);
  const { log = '', term, vote } = Object.fromEntries([...fields].map((field) => field.slice(1)));
  const terms = String(log).split(' ').filter(Boolean).map(Number);
  const entries = terms.map((each, place): LogEntry => {
    return { term: each, command: usualCommand(place + 1, each) };
  });
  const currentTerm = Number(term ?? terms.at(-1) ?? 0);
  const votedFor = vote === undefined ? undefined : Number(String(vote).trim().slice(1));
  if (terms.length === 0 && term === undefined) {
    throw new TranscriptError(number, 'a server needs a log, a term or a vote');
  }
  return { ...NOTHING, currentTerm, votedFor, entries };
}
