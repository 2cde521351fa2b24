/**
 * Seed 1 of some scenarios and the digest that its run has on every machine. Whoever changes what a
 * seed means changes these; `doctor` and a test say how they read then.
 */
export const knownDigests: Readonly<Record<string, string>> = {
  'mapreduce/chaos-shared': 'a5a38012fd13a947',
  'kv/chaos': '25e5b8be981f6590',
  'lock/chaos': 'e097b6f4521ae8e4',
  'raft/chaos-3': '0021bddd01777cf5',
  'kvraft/first-after-restart': '4125790475963d80',
  'shardkv/join-basic': '1a0a51cb45f46306',
};
