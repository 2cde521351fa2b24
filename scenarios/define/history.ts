import { hashString, pack, type Digest, type Kernel } from '../../sim/index.ts';

/**
 * One client call. `invoked` and `completed` are strict sequence numbers over the whole history, so
 * that equal times raise no question. `input` and `output` belong to the model.
 */
export interface HistoryLine {
  readonly id: number;
  readonly client: string;
  readonly session?: string;
  readonly invoked: number;
  completed?: number;
  /** `pending`: it never returned. `failed`: it is known to have had no effect. */
  status: 'ok' | 'pending' | 'failed';
  readonly input: unknown;
  output?: unknown;
  /** Virtual times, in µs, and the number of the event in which it completed. */
  readonly invokedUs: number;
  completedUs?: number;
  event?: number;
  /** Whatever a system attaches: a log index, a commit timestamp. */
  tags?: Readonly<Record<string, string | number>>;
}

/** What {@link History.record} is told of an operation that is known to have had no effect. */
export const NO_EFFECT: unique symbol = Symbol('no effect');

/** What it is told of one whose client gave up: it stays pending. */
export const NO_ANSWER: unique symbol = Symbol('no answer');

/** Records the operations of all clients as they happen. */
export class History {
  readonly lines: HistoryLine[] = [];
  private readonly kernel: Kernel;
  private sequence = 0;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Number of operations that have returned. */
  get completed(): number {
    return this.lines.filter((line) => line.status === 'ok').length;
  }

  /**
   * Run one operation of a client and record it. If the client crashes meanwhile, or the run ends,
   * the operation stays pending.
   * @param toOutput what the model is to see of the result, or {@link NO_EFFECT} or
   *   {@link NO_ANSWER}; default: the result itself
   */
  async record<T>(
    client: string,
    input: unknown,
    work: () => Promise<T>,
    toOutput: (result: T) => unknown = (result) => result,
  ): Promise<T> {
    const line: HistoryLine = {
      id: this.lines.length,
      client,
      invoked: this.sequence++,
      status: 'pending',
      input: pack(input).value,
      invokedUs: this.kernel.now,
    };
    this.lines.push(line);
    this.kernel.tell({ kind: 'invocation', node: client, label: 'invoke', payload: line.input });
    const result = await work();
    const output = toOutput(result);
    if (output === NO_ANSWER) return result;
    line.completed = this.sequence++;
    line.completedUs = this.kernel.now;
    line.event = this.kernel.event;
    if (output === NO_EFFECT) {
      line.status = 'failed';
      return result;
    }
    line.status = 'ok';
    line.output = pack(output).value;
    this.kernel.tell({ kind: 'completion', node: client, label: 'return', payload: line.output });
    return result;
  }

  /** Close a digest with the history. */
  foldInto(digest: Digest): void {
    for (const line of this.lines) {
      digest.mix(hashString(line.client));
      digest.mix(line.invoked);
      digest.mix(line.completed ?? -1);
      digest.mix(pack([line.input, line.output, line.status]).hash);
    }
  }
}
