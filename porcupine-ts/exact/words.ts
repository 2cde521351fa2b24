import type { Part } from '../history/partition.ts';

/** Characters of a text, and elements of a list, that a reason shows before it shortens. */
const TEXT_SHOWN = 40;
const ELEMENTS_SHOWN = 8;

/** What an operation did, in words: `wrote`, `written`, `"a"`. */
export interface Deed {
  /** `client 1 wrote "a"` */
  readonly did: string;
  /** `client 1 had written "a"` */
  readonly done: string;
  readonly what: string;
  /** Is it there to change the state? */
  readonly changes: boolean;
}

/** What reasons say about the operations of a part. */
export class Words {
  private readonly part: Part<unknown, unknown>;
  private readonly deedOf: (operation: number) => Deed;

  constructor(part: Part<unknown, unknown>, deedOf: (operation: number) => Deed) {
    this.part = part;
    this.deedOf = deedOf;
  }

  /** `key "x": `, or nothing if there is but one object. */
  get where(): string {
    const { key } = this.part;
    return key === undefined || key === '' ? '' : `key ${JSON.stringify(key)}: `;
  }

  /** Is the operation there to change the state? */
  changes(operation: number): boolean {
    return this.deedOf(operation).changes;
  }

  /** `"a"` */
  what(operation: number): string {
    return this.deedOf(operation).what;
  }

  /** `client 1` */
  client(operation: number): string {
    return `client ${String(this.part.operations[operation]!.clientId)}`;
  }

  /** `client 1 wrote "a"` */
  did(operation: number): string {
    const { did, what } = this.deedOf(operation);
    return `${this.client(operation)} ${did} ${what}`;
  }

  /** `client 1 had written "a"` */
  hadDone(operation: number): string {
    const { done, what } = this.deedOf(operation);
    return `${this.client(operation)} had ${done} ${what}`;
  }

  /** `called at 10` */
  call(operation: number): string {
    return `called at ${this.callStamp(operation)}`;
  }

  /** `returned at 20` */
  return(operation: number): string {
    return `returned at ${this.returnStamp(operation)}`;
  }

  callStamp(operation: number): string {
    return String(this.part.operations[operation]!.call);
  }

  returnStamp(operation: number): string {
    return String(this.part.operations[operation]!.return);
  }
}

/** A value as JSON; of a long text both ends, of a long list the end. */
export function brief(value: unknown): string {
  if (Array.isArray(value) && value.length > ELEMENTS_SHOWN) {
    const last = value.slice(-ELEMENTS_SHOWN / 2).map(brief);
    return `[..., ${last.join(', ')}] (${value.length} elements)`;
  }
  if (Array.isArray(value)) return `[${value.map(brief).join(', ')}]`;
  if (typeof value !== 'string' || value.length <= TEXT_SHOWN) {
    return value === undefined ? 'nothing' : JSON.stringify(value);
  }
  const half = TEXT_SHOWN / 2;
  const ends = `${value.slice(0, half)} ... ${value.slice(-half)}`;
  return `${JSON.stringify(ends)} (${value.length} characters)`;
}
