import type { Peer } from '../sim/index.ts';
import type { ChangesArgs, ChangesReply, MapOutput, OutputChange } from './contract.ts';
import { outputsAsOf } from './locations.ts';

/** What a reduce task asks of a holder: all that it has for it. */
export interface FetchArgs {
  readonly reduce: number;
  readonly asOf: number;
}

/** What it gets. Neither: the holder does not know at present what counted. */
export interface FetchReply {
  /** One file for each output that it holds. */
  readonly contents?: readonly string[];
  /** The map attempts whose outputs it should have, and has not. */
  readonly gone?: readonly number[];
}

/** Which outputs a holder holds, as the coordinator has it: asked for once, then what is new. */
export class HeldOutputs {
  private readonly coordinator: Peer;
  private readonly holder: string;
  private readonly changes: OutputChange[] = [];
  private version = 0;
  /** The question that is under way: whoever comes meanwhile waits for the same answer. */
  private question: Promise<void> | undefined = undefined;
  private last: { readonly asOf: number; readonly outputs: readonly MapOutput[] } | undefined =
    undefined;

  constructor(coordinator: Peer, holder: string) {
    this.coordinator = coordinator;
    this.holder = holder;
  }

  /** What counted after so many changes; undefined = the coordinator did not answer. */
  async asOf(asOf: number): Promise<readonly MapOutput[] | undefined> {
    if (this.version < asOf) {
      this.question ??= this.ask();
      await this.question;
      if (this.version < asOf) return undefined;
    }
    if (this.last?.asOf !== asOf) this.last = { asOf, outputs: outputsAsOf(this.changes, asOf) };
    return this.last.outputs;
  }

  private async ask(): Promise<void> {
    const args: ChangesArgs = { holder: this.holder, known: this.changes.length };
    const reply = (await this.coordinator.call('changes', args)) as ChangesReply | undefined;
    this.question = undefined;
    if (reply === undefined) return;
    for (const change of reply.changes) this.changes.push(change);
    this.version = reply.asOf;
  }
}

/** All that a disk has for a reduce task. */
export async function heldFor(
  held: HeldOutputs,
  { asOf }: FetchArgs,
  read: (output: MapOutput) => string | undefined,
): Promise<FetchReply> {
  const outputs = await held.asOf(asOf);
  if (outputs === undefined) return {};
  const contents: string[] = [];
  const gone: number[] = [];
  for (const output of outputs) {
    const content = read(output);
    if (content === undefined) gone.push(output.attempt);
    else contents.push(content);
  }
  return gone.length > 0 ? { gone } : { contents };
}
