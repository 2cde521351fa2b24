import type { Random } from '../random/random.ts';
import { cutTo } from './content.ts';
import type { DiskProfile } from './disk-profile.ts';
import type { Operation } from './operation.ts';

/** What a crash leaves of unsynced operations, in their order. */
export function survivorsOf(
  profile: DiskProfile,
  ops: readonly Operation[],
  random: Random,
): readonly Operation[] {
  switch (profile.unsynced) {
    case 'durable':
      return ops;
    case 'lost':
      return [];
    case 'torn':
      return torn(ops, profile.blockBytes, random);
    case 'reordered':
      return reordered(ops, random);
  }
}

/**
 * Those before a drawn one, and of that one what lies in whole blocks of its file: what is appended
 * begins wherever the file ended, most often within a block. A rename is never half.
 */
function torn(ops: readonly Operation[], blockBytes: number, random: Random): Operation[] {
  const whole = random.below(ops.length + 1);
  const survivors = ops.slice(0, whole);
  const last = ops[whole];
  if (last?.isOfData !== true) return survivors;
  const inBlock = last.offset % blockBytes;
  const blocks = random.below(Math.ceil((inBlock + last.content.length) / blockBytes) + 1);
  // A write begins by truncating the file: without any block of it that may be all it has done.
  if (blocks > 0 || (last.kind === 'write' && random.chance(1, 2))) {
    survivors.push(last.with({ content: cutTo(last.content, blocks * blockBytes - inBlock) }));
  }
  return survivors;
}

/**
 * Each or not, as a coin says; but what was done under a name that only a lost rename or removal
 * gave or cleared is lost with it: directories are journalled, data is not. A rename can survive
 * the data it was to publish.
 */
function reordered(ops: readonly Operation[], random: Random): Operation[] {
  const unnamed = new Set<string>();
  return ops.filter((op) => {
    const isLucky = random.chance(1, 2);
    if (isLucky && !op.concerns(unnamed)) return true;
    if (!op.isOfData) unnamed.add(op.file).add(op.to);
    return false;
  });
}
