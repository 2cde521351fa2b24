import {
  carryOut,
  type MakeRsm,
  type Rsm,
  type RsmHost,
  type StateMachine,
  type SubmitResult,
} from '../../raft/index.ts';
import { pack } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import type { RowChange } from '../define/view.ts';

type Judge = Pick<
  Tester<unknown, unknown>,
  'expect' | 'expectInTime' | 'expectWithin' | 'count' | 'probe' | 'reveal'
>;

/** Whoever was first to carry out the request at an index, and what it answered. */
interface First {
  readonly node: string;
  readonly request: string;
  readonly answer: string;
}

/** A state machine in the present life of its server. */
interface Present {
  readonly machine: StateMachine;
  /**
   * Index of the last request that it has carried out, 0 at first; undefined = none since a
   * snapshot.
   */
  last: number | undefined;
}

/**
 * A snapshot while Raft's state is smaller than this part of what it may be comes too early: each
 * costs as much as the whole state of the service.
 */
const EARLY = 4;

/** All replicas answer alike: what the first one says at an index the others must say, too. */
export class Answers {
  private readonly t: Judge;
  private readonly firsts: First[] = [];
  private readonly present = new Map<string, Present>();

  constructor(t: Judge) {
    this.t = t;
  }

  /** The layer as it is, with every state machine judged. */
  judged(make: MakeRsm): MakeRsm {
    const judged: MakeRsm = (env, host, machine) => {
      const life = { isUp: false };
      const rsm = make(env, host, this.judgedMachine(env.id, host, machine, life));
      life.isUp = true;
      return this.judgedRsm(env.id, rsm);
    };
    return Object.assign(judged, { isSynchronous: make.isSynchronous === true });
  }

  /** Has a server carried out all that any has, or got it by a snapshot? */
  hasAll(node: string): boolean {
    const last = this.present.get(node)?.last;
    return last === undefined || last === Math.max(0, this.firsts.length - 1);
  }

  /** The state of its service, as a snapshot; to be called in an event of the server. */
  stateOf(node: string): string | undefined {
    return this.present.get(node)?.machine.snapshot();
  }

  /** What a request is answered is what was carried out for it, and for no other. */
  private judgedRsm(node: string, rsm: Rsm): Rsm {
    const judge = (request: unknown, result: SubmitResult): SubmitResult => {
      if (result.err !== 'OK') return result;
      const { index } = result;
      const [asked, done] = [textOf(request), this.firsts[index]?.request ?? 'nothing'];
      this.t.expect('a request is answered when it is carried out', asked === done, () => {
        const what = `${node} answers OK to ${brief(asked)} at index ${index}`;
        return `${what}, where ${brief(done)} was carried out`;
      });
      return result;
    };
    // Not a spread: a user's may be a class.
    return {
      submit: async (request) => judge(request, await rsm.submit(request)),
      ...(rsm.propose && {
        propose: (request, done) => rsm.propose!(request, (result) => done(judge(request, result))),
      }),
      ...(rsm.readAt && {
        readAt: (index, question, done) => rsm.readAt!(index, question, done),
      }),
      getState: () => rsm.getState(),
      handlers: rsm.handlers,
    };
  }

  private judgedMachine(
    node: string,
    { persister, maxRaftState }: RsmHost,
    machine: StateMachine,
    life: { readonly isUp: boolean },
  ): StateMachine {
    let last = 0;
    const present: Present = { machine, last: 0 };
    this.present.set(node, present);
    this.t.reveal('keys', node, () => []);
    const { read } = machine;
    return {
      doOp: (request, index) => {
        if (index === undefined) return machine.doOp(request);
        this.t.expect('requests are carried out in order', index > last, () => {
          return `${node} carries out index ${index} after ${last}`;
        });
        last = index;
        this.catchUp(node, present, index);
        present.last = index;
        // Whatever layer runs the machine, and whatever becomes of the answer.
        const answer = carryOut(travelling(machine), node, index, request);
        // The client would take it for a lost reply, and ask for ever.
        this.t.expectInTime(
          'a request that is carried out is answered',
          answer !== undefined,
          () =>
            `${node} carries out ${brief(textOf(request))} at index ${index} and answers nothing`,
        );
        this.compare(node, index, request, answer);
        return answer;
      },
      snapshot: () => {
        const size = persister.stateSize();
        const isTime = maxRaftState >= 0 && size * EARLY >= maxRaftState;
        this.t.expectWithin('snapshots are taken when they are due', isTime, () => {
          return `${node} takes one at ${size} bytes of Raft state; ${maxRaftState} are allowed`;
        });
        this.t.count('snapshots taken');
        const snapshot: unknown = machine.snapshot();
        this.t.expect('a snapshot is a string', typeof snapshot === 'string', () => {
          return `${node} takes one after index ${last} which is ${typeof snapshot}`;
        });
        return snapshot as string;
      },
      restore: (snapshot) => {
        present.last = undefined;
        machine.restore(snapshot);
        // A server that comes up restores its own.
        if (!life.isUp) return;
        this.t.count('snapshots installed');
        this.t.probe('a snapshot was installed');
      },
      ...(read === undefined ? {} : { read: (question: unknown) => read.call(machine, question) }),
    };
  }

  /** After a snapshot a machine knows all that was carried out before: so does its picture. */
  private catchUp(node: string, { last }: Present, index: number): void {
    if (last !== undefined) return;
    this.t.reveal('keys', node, () => {
      const rows = new Map<string, RowChange>();
      for (const first of this.firsts.slice(0, index)) {
        if (first === undefined) continue;
        const { request, answer } = first;
        if (answer === 'nothing') continue;
        for (const row of rowsOf(JSON.parse(request), JSON.parse(answer))) rows.set(row.row, row);
      }
      return [...rows.values()];
    });
  }

  private compare(node: string, index: number, request: unknown, answer: unknown): void {
    // A picture without rows would say that there are no keys any more.
    if (isWrite(request, answer)) this.t.reveal('keys', node, () => rowsOf(request, answer));
    const mine: First = { node, request: textOf(request), answer: textOf(answer) };
    const first = (this.firsts[index] ??= mine);
    const isAlike = first.request === mine.request && first.answer === mine.answer;
    this.t.expect('replicas answer alike', isAlike, () => {
      const here = `${node} carries out ${brief(mine.request)} at index ${index}`;
      const there = `${first.node} did ${brief(first.request)} there`;
      const answers = apart(mine.answer, first.answer);
      return `${here} and answers ${answers[0]}; ${there} and answered ${answers[1]}`;
    });
  }
}

/** Has a request changed a key? One of another kind of machine has not. */
function isWrite(request: unknown, answer: unknown): boolean {
  const { op, version } = (request ?? {}) as Readonly<Record<string, unknown>>;
  const { err } = (answer ?? {}) as { readonly err?: unknown };
  return op === 'put' && err === 'OK' && typeof version === 'number';
}

/** The rows of a picture that a request has changed. */
function rowsOf(request: unknown, answer: unknown): RowChange[] {
  if (!isWrite(request, answer)) return [];
  const { key, value, version } = request as { key: unknown; value: unknown; version: number };
  return [{ row: String(key), cells: { value: String(value), version: version + 1 } }];
}

/** Answers that cannot travel would fail later, where nobody knows any more what was asked. */
function travelling(machine: StateMachine): StateMachine {
  const doOp: StateMachine['doOp'] = (request, index) => {
    const answer = machine.doOp(request, index);
    pack(answer);
    return answer;
  };
  return { ...machine, doOp };
}

/** In full: replicas may differ anywhere. */
function textOf(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

/** Longest text that a message quotes. */
const BRIEF = 100;

function brief(text: string): string {
  return text.length <= BRIEF ? text : `${text.slice(0, BRIEF)}...`;
}

/** Two texts as a message quotes them: so that one sees where they differ. */
function apart(one: string, other: string): readonly [string, string] {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const from = same < BRIEF / 2 ? 0 : same - BRIEF / 2;
  const quote = (text: string): string => `${from > 0 ? '...' : ''}${brief(text.slice(from))}`;
  return [quote(one), quote(other)];
}
