import { bitsOf, withFlippedBit } from '../disk/content.ts';
import { scale } from '../random/bits.ts';
import { damageLot, overDisks, type DiskFault } from './disk-fault.ts';
import { ppmProblem, type FaultKind } from './fault-kind.ts';
import { describeTarget } from './target.ts';

/**
 * Files have one wrong bit, the same at every read until the file is changed. Whether a file rots
 * is decided anew with each change of it. What is not durable yet is read from memory, and sound.
 * Of a text it is one of the lower seven bits of a character.
 */
export interface BitRot extends DiskFault {
  readonly kind: 'bit-rot';
  /** How many of the files, in parts per million. */
  readonly ppm: number;
}

export const bitRot: FaultKind<BitRot> = {
  problem: ({ ppm }) => ppmProblem('ppm', ppm),
  describe: ({ node, ppm }) => `bit-rot ${describeTarget(node)}, ${ppm} ppm of files`,
  start: (site, action) =>
    overDisks(site, action, (disk) => {
      const lots = damageLot(site, action, disk);
      return {
        seen(file, content, version) {
          const lot = lots.of(file, version);
          if (lot === undefined || content.length === 0) return content;
          return withFlippedBit(content, scale(lot, bitsOf(content)));
        },
      };
    }),
};
