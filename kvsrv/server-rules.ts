import type { GetReply, PutArgs, PutErr, Version } from './contract.ts';

/** What the server keeps of a key. */
export interface Entry {
  readonly value: string;
  readonly version: Version;
}

/** The decisions of the server, each pure and replaceable (DESIGN §4, seams). */
export interface ServerRules {
  /** May this put write? `OK` if so. */
  judgePut(entry: Entry | undefined, args: PutArgs): PutErr;
  /** The entry after a put that may write. */
  written(entry: Entry | undefined, args: PutArgs): Entry;
  answerGet(entry: Entry | undefined): GetReply;
}

export const serverRules: ServerRules = {
  judgePut(entry, { version }) {
    if (entry === undefined) return version === 0 ? 'OK' : 'ErrNoKey';
    return version === entry.version ? 'OK' : 'ErrVersion';
  },

  // The version counts the writes of a key, so that it never returns to an earlier value and a put
  // that is executed late can never match again.
  written: (entry, { value }) => ({ value, version: (entry?.version ?? 0) + 1 }),

  answerGet: (entry) =>
    entry === undefined
      ? { value: '', version: 0, err: 'ErrNoKey' }
      : { value: entry.value, version: entry.version, err: 'OK' },
};
