import { hashString } from '../kernel/digest.ts';
import { hashContent, joined, type Content } from './content.ts';

/** What a file holds, and which operation on its disk made it so. */
export interface FileState {
  readonly content: Content;
  readonly version: number;
}

export type Files = Map<string, FileState>;

/** What a node asks of its disk. */
export type Change =
  | { readonly kind: 'write' | 'append'; readonly file: string; readonly content: Content }
  | {
      readonly kind: 'rename';
      readonly file: string;
      readonly to: string;
      /** What the new name holds if nothing of the file itself is there. */
      readonly empty: Content;
    }
  | { readonly kind: 'remove'; readonly file: string };

/** A change in the order of its disk. */
export type Operation = Change & {
  /** Counted from 1 on each disk. */
  readonly version: number;
  /** Node that asked for it. */
  readonly writer: string;
};

/** Carry an operation out on a set of files. */
export function apply(files: Files, op: Operation): void {
  const there = files.get(op.file);
  const { version } = op;
  switch (op.kind) {
    case 'write':
      files.set(op.file, { content: op.content, version });
      return;
    case 'append': {
      const content = there === undefined ? op.content : joined(there.content, op.content);
      files.set(op.file, { content, version });
      return;
    }
    case 'rename':
      files.delete(op.file);
      files.set(op.to, { content: there?.content ?? op.empty, version });
      return;
    case 'remove':
      files.delete(op.file);
  }
}

/** The names that an operation concerns: two that share none can change places. */
export function namesOf(op: Operation): readonly string[] {
  return op.kind === 'rename' ? [op.file, op.to] : [op.file];
}

/** For the digest. The parts play different roles: exchanging them makes a difference. */
export function hashOf(change: Change): number {
  const name = hashString(change.file);
  switch (change.kind) {
    case 'write':
    case 'append':
      return Math.imul(name, 0x9e3779b1) ^ hashContent(change.content);
    case 'rename':
      return Math.imul(name, 0x9e3779b1) ^ hashString(change.to);
    case 'remove':
      return name;
  }
}
