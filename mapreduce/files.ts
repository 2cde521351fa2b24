import type { Env } from '../sim/index.ts';

/** A file system that all workers see. */
export interface Files {
  /** Undefined = there is no such file. */
  read(name: string): Promise<string | undefined>;
  /** Write a file of one's own; nobody else writes it. */
  write(name: string, content: string): Promise<void>;
  /**
   * Give a file its final name, unless there is one of that name already: then it is removed.
   * Atomic. @returns whether it got the name
   */
  commit(from: string, to: string): Promise<boolean>;
}

/** One disk that all workers share. */
export function sharedFiles({ disk }: Pick<Env, 'disk'>): Files {
  return {
    read: (name) => Promise.resolve(textOf(disk.read(name))),
    async write(name, content) {
      disk.write(name, content);
      await disk.fsync(name);
    },
    async commit(from, to) {
      // In one step: nobody comes in between.
      const isFirst = !disk.exists(to);
      if (isFirst) disk.rename(from, to);
      else disk.remove(from);
      await disk.fsync(to);
      return isFirst;
    },
  };
}

function textOf(content: string | Uint8Array | undefined): string | undefined {
  return content === undefined ? undefined : String(content);
}
