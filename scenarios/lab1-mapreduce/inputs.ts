import type { Split } from '../../mapreduce/index.ts';
import type { World } from '../../sim/index.ts';
import { ZipfText } from './zipf-text.ts';

/** Input of a job, in memory. */
export interface Inputs {
  readonly splits: readonly Split[];
  readonly read: (split: Split) => string;
}

/** Texts of so many words, as many as there shall be map tasks; drawn from the run's own seed. */
export function drawInputs(
  world: World,
  { files, words, vocabulary }: { files: number; words: number; vocabulary: number },
  also: string = '',
): Inputs {
  const zipf = new ZipfText(vocabulary);
  const texts = new Map<string, string>();
  for (let i = 0; i < files; i++) {
    const file = `text-${i}.txt`;
    texts.set(file, zipf.text(world.streams.stream(`input/${file}`), words) + also);
  }
  return {
    splits: [...texts.keys()].map((file) => ({ file })),
    read: ({ file, from, to }) => texts.get(file)!.slice(from ?? 0, to),
  };
}
