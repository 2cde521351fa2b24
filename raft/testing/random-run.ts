import type { Rules } from '../core/rules.ts';
import { Cores, type Message } from './cores.ts';
import { Safety, SafetyViolation } from './safety.ts';
import { runTranscript } from './transcript.ts';

/** Something that happens in a random run. Numbers count modulo what there is to choose from. */
export type Action =
  | { readonly do: 'timeout' | 'heartbeat' | 'crash' | 'write'; readonly at: number }
  | { readonly do: 'start'; readonly at: number; readonly times: number }
  | { readonly do: 'snapshot'; readonly at: number; readonly index: number }
  /** Of the messages sent, counted from the last one back. */
  | { readonly do: 'arrive' | 'answer' | 'lose'; readonly back: number }
  /** A whole round: a time-out or heartbeat, and what it sends arrives at some and is answered. */
  | { readonly do: 'campaign' | 'replicate'; readonly at: number; readonly whom: Whom };

/** Servers: bit n stands for server n. */
type Whom = number;

export interface RunOptions {
  readonly size: number;
  readonly areDisksSlow: boolean;
  readonly rules?: Rules;
}

export interface RandomRun {
  readonly violation: SafetyViolation | undefined;
  readonly cores: Cores;
  /** What happened, for people. */
  readonly transcript: () => string;
}

/** Carry actions out until one of them leaves a property of Figure 3 broken. */
export function runActions(actions: readonly Action[], options: RunOptions): RandomRun {
  const run = new Run(options);
  let violation: SafetyViolation | undefined;
  try {
    for (const action of actions) run.carryOut(action);
  } catch (error) {
    if (!(error instanceof SafetyViolation)) throw error;
    violation = error;
  }
  const transcript = (): string => runTranscript(run.script(), options.rules);
  return { violation, cores: run.cores, transcript };
}

class Run {
  readonly cores: Cores;
  private readonly size: number;
  private readonly safety = new Safety();
  private readonly sent: Message[] = [];
  private readonly lines: string[];
  private commands = 0;

  constructor(options: RunOptions) {
    this.size = options.size;
    this.lines = [`servers ${options.size}`, ...(options.areDisksSlow ? ['slow disks'] : []), ''];
    this.cores = new Cores({
      ...options,
      see: (happening) => {
        if (happening.type === 'sends') this.sent.push(happening.message);
        this.safety.see(happening);
      },
    });
    this.safety.watch(this.cores);
  }

  script(): string {
    return `${this.lines.join('\n')}\n`;
  }

  carryOut(action: Action): void {
    switch (action.do) {
      case 'timeout':
        return this.happen(action.at, 'ElectionTimeout');
      case 'heartbeat':
        return this.happen(action.at, 'HeartbeatTimeout');
      case 'start':
        for (let time = 0; time < action.times; time++) this.start(action.at % this.size);
        return;
      case 'crash':
        return this.crash(action.at % this.size);
      case 'write':
        return this.write(action.at % this.size);
      case 'snapshot':
        return this.snapshot(action.at % this.size, action.index);
      case 'campaign':
        return this.round(action.at, 'ElectionTimeout', action.whom);
      case 'replicate':
        return this.round(action.at, 'HeartbeatTimeout', action.whom);
      case 'arrive':
      case 'answer':
      case 'lose': {
        const message = this.sent[this.sent.length - 1 - (action.back % this.sent.length)];
        if (message !== undefined) this.deliver(message, action.do);
      }
    }
  }

  private happen(server: number, type: 'ElectionTimeout' | 'HeartbeatTimeout'): void {
    const at = server % this.size;
    this.note(`n${at} ${type}`);
    this.cores.input(at, { type });
    this.safety.check();
  }

  private start(at: number): void {
    const command = `x${++this.commands}`;
    this.note(`n${at} Start ${command}`);
    this.cores.input(at, { type: 'Start', command });
    this.safety.check();
  }

  private crash(at: number): void {
    this.note(`n${at} crashes`);
    this.cores.crash(at);
    this.safety.check();
  }

  private write(at: number): void {
    if (this.cores.members[at]!.unwritten.length === 0) return;
    this.note(`n${at} disk`);
    this.cores.write(at);
    this.safety.check();
  }

  private snapshot(at: number, pick: number): void {
    const applied = this.cores.members[at]!.service.length;
    if (applied === 0) return;
    const index = (pick % applied) + 1;
    this.note(`n${at} Snapshot ${index}`);
    this.cores.snapshot(at, index);
    this.safety.check();
  }

  private round(server: number, type: 'ElectionTimeout' | 'HeartbeatTimeout', whom: Whom): void {
    const at = server % this.size;
    const before = this.sent.length;
    this.happen(at, type);
    this.write(at);
    // What is sent on an answer belongs to the round, for some time.
    const most = before + 3 * this.size;
    for (let n = before; n < Math.min(this.sent.length, most); n++) {
      const message = this.sent[n]!;
      if (((whom >> message.request.to) & 1) === 0) continue;
      this.deliver(message, 'arrive');
      this.write(message.request.to);
      this.deliver(message, 'answer');
    }
  }

  private deliver(message: Message, how: 'arrive' | 'answer' | 'lose'): void {
    const { name, from, life, isSettled, replies } = message;
    if (how === 'arrive') {
      this.note(`${name} arrives`);
      this.cores.arrive(message);
    } else {
      if (isSettled || this.cores.members[from]!.life !== life) return;
      if (how === 'answer' && replies.length === 0) return;
      this.note(`${name} ${how === 'answer' ? 'answered' : 'lost'}`);
      if (how === 'answer') this.cores.answer(message);
      else this.cores.lose(message);
    }
    this.safety.check();
  }

  private note(line: string): void {
    this.lines.push(`> ${line}`);
  }
}
