import type { Pack } from './define/pack.ts';
import { lab1 } from './lab1-mapreduce/pack.ts';
import { lab2 } from './lab2-kv/pack.ts';
import { lab3 } from './lab3-raft/pack.ts';
import { lab4 } from './lab4-kvraft/pack.ts';
import { lab5 } from './lab5-shardkv/pack.ts';

/** Every system that Faultlab knows, in the order of the labs. */
export const packs: readonly Pack[] = [lab1, lab2, lab3, lab4, lab5];
