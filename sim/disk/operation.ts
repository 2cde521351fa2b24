import { hashString } from '../kernel/digest.ts';
import { hashContent, joined, type Content } from './content.ts';

/** What a file holds, and which operation on its disk made it so. */
export interface FileState {
  readonly content: Content;
  readonly version: number;
}

export type Files = Map<string, FileState>;

export type OperationKind = 'write' | 'append' | 'rename' | 'remove';

/** A change of a disk. One class for all kinds: the engine then knows where each field is. */
export class Operation {
  readonly kind: OperationKind;
  readonly file: string;
  /** What is written or appended; of a renamed file what remains of it if its data is lost. */
  readonly content: Content;
  /** The new name of a renamed file; of all others their name. */
  readonly to: string;
  /** Counted from 1 on each disk. */
  readonly version: number;
  /** Node that asked for it. */
  readonly writer: string;
  /** Where in the file the content begins: the length that it had, if it was appended. */
  readonly offset: number;

  constructor(
    kind: OperationKind,
    file: string,
    content: Content,
    to: string,
    version: number,
    writer: string,
    offset: number = 0,
  ) {
    this.kind = kind;
    this.file = file;
    this.content = content;
    this.to = to;
    this.version = version;
    this.writer = writer;
    this.offset = offset;
  }

  /** The same with another content, or in another file. */
  with({ content = this.content, file = this.file }: Partial<Operation>): Operation {
    const { kind, version, writer, offset } = this;
    return new Operation(kind, file, content, file, version, writer, offset);
  }

  /** Does it add or replace content, rather than change the directory? */
  get isOfData(): boolean {
    return this.kind === 'write' || this.kind === 'append';
  }

  /** Two that share no name can change places. */
  concerns(names: ReadonlySet<string>): boolean {
    return names.has(this.file) || names.has(this.to);
  }

  /** For the digest. The parts play different roles: exchanging them makes a difference. */
  hash(): number {
    const { kind, file, content, to } = this;
    const name = hashString(file);
    if (kind === 'remove') return name;
    return (
      Math.imul(name, 0x9e3779b1) ^ (kind === 'rename' ? hashString(to) : hashContent(content))
    );
  }
}

/** Carry an operation out on a set of files. */
export function apply(files: Files, op: Operation): void {
  const { kind, file, content, to, version } = op;
  if (kind === 'write') {
    files.set(file, { content, version });
    return;
  }
  const there = files.get(file)?.content;
  if (kind === 'append') {
    files.set(file, { content: there === undefined ? content : joined(there, content), version });
    return;
  }
  files.delete(file);
  if (kind === 'rename') files.set(to, { content: there ?? content, version });
}
