/**
 * What `check --help` says below its options. Kept apart from the checker, which is not loaded for
 * a help text; a test holds the models against those that there are.
 */
export const checkHelp = `
Models:
  versioned-kv         get, put at a version: lab 2 to the letter
  versioned-kv-lab     the same as the official tests judge it
  lock                 acquire, release by an owner
  register             read, write
  cas-register         read, write, compare-and-set
  write-once-register  read, write; only the first write counts
  append               get, put, append of strings
  append-list          read, append of elements
  log                  append answers its index; get at an index, read
  set                  add, remove, contains, read
  queue                enqueue, dequeue; first in, first out
  counter              add, read

Exit codes: 0 linearizable, 1 not, 2 undecided or empty, 64 bad input.
Formats, examples and how to read the answer: docs/checker.md`;
