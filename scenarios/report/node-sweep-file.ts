import { closeSync, openSync, readSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FileError } from '../define/file-error.ts';
import type { RunResult } from '../define/result.ts';
import { parseSeedRange, seedsIn, type SeedRange, type Shard } from '../define/seed-range.ts';
import { parseSweepHeader } from '../define/sweep-file.ts';
import { sweepLine, sweepLineParser } from '../define/sweep-line.ts';
import type { SweepHeader } from '../define/sweep-file.ts';
import { Lock } from './node-lock.ts';
import { orFileError, OUTPUT, prepareFolder } from './node-output-folder.ts';
import { storedReproLines } from './repro.ts';
import type { SweepSummary } from './sweep-summary.ts';

/** Bytes that are read or written at a time. */
const PIECE = 1 << 20;

const NEWLINE = 10;

/** The file of a sweep; the shards of one have files of their own. */
export function sweepPath(scenario: string, shard?: Shard, root: string = OUTPUT): string {
  const part = shard === undefined ? '' : `-${shard.index}-of-${shard.count}`;
  return join(root, scenario, `sweep${part}.jsonl`);
}

/**
 * Writes the results of a sweep as they come, a line each: whatever ends it, no more is lost than
 * what was under way.
 */
export class SweepWriter {
  readonly path: string;
  private readonly header: SweepHeader;
  private readonly file: number;
  private readonly lock: Lock;

  private constructor(path: string, header: SweepHeader, open: () => number) {
    this.path = path;
    this.header = header;
    this.lock = Lock.take(path);
    this.file = orFileError(path, open);
  }

  /**
   * Begin a file, in place of one that is there.
   * @throws FileError if it cannot be written, or another sweep writes it
   */
  static create(path: string, header: SweepHeader): SweepWriter {
    prepareFolder(dirname(path));
    const writer = new SweepWriter(path, header, () => openSync(path, 'w'));
    writer.write(header);
    return writer;
  }

  /**
   * Go on with one behind its last whole result.
   * @throws FileError if it cannot be written, or another sweep writes it
   */
  static goOn({ path, header, resultsEnd }: StoredSweep): SweepWriter {
    return new SweepWriter(path, header, () => {
      truncateSync(path, resultsEnd);
      return openSync(path, 'a');
    });
  }

  /** @throws FileError, as all that writes: a disk may be full */
  add(result: RunResult): void {
    this.write(sweepLine(result, this.header));
  }

  end(summary: SweepSummary): void {
    this.write({ summary });
    this.close();
  }

  close(): void {
    closeSync(this.file);
    this.lock.release();
  }

  private write(line: object): void {
    orFileError(this.path, () => writeFileSync(this.file, `${JSON.stringify(line)}\n`));
  }
}

/** A sweep that was kept. It is read line by line: there may be a million. */
export class StoredSweep {
  readonly path: string;
  readonly header: SweepHeader;
  /** The seeds that it is to have. */
  readonly range: SeedRange;
  private readonly resultsStart: number;
  /** As far as it has been read: behind the last whole result, in bytes. */
  resultsEnd: number;
  /** The summary, if it was read to its end and has one: without one, the sweep was cut off. */
  summary: SweepSummary | undefined;

  private constructor(path: string, header: SweepHeader, headerEnd: number) {
    this.path = path;
    this.header = header;
    this.range = parseSeedRange(header.seeds);
    this.resultsStart = headerEnd;
    this.resultsEnd = headerEnd;
  }

  /** @throws FileError if there is no such file, or it holds no sweep */
  static open(path: string): StoredSweep {
    const stored = StoredSweep.openIfBegun(path);
    if (stored !== undefined) return stored;
    throw new FileError(path, 'cut off in its first line: nothing is left of it');
  }

  /** Undefined if whoever wrote it was killed before the first line was whole. */
  static openIfBegun(path: string): StoredSweep | undefined {
    const [first] = linesOf(path);
    if (first?.isWhole !== true) return undefined;
    return new StoredSweep(path, parseSweepHeader(first.text, path), first.end);
  }

  /**
   * Its results, in the order of the seeds. A last line that is not whole is left out: the process
   * that wrote it was killed.
   * @throws FileError naming a line that holds none, or a seed that is not the next one
   */
  *results(): Generator<RunResult> {
    const parse = sweepLineParser(this.header, this.path);
    const repro = storedReproLines(this.header);
    const seeds = seedsIn(this.range);
    for (const { text, number, end, isWhole } of linesOf(this.path)) {
      if (number === 1) continue;
      if (!isWhole || this.summary !== undefined) return;
      if (text.startsWith('{"summary":')) {
        this.summary = (JSON.parse(text) as { summary: SweepSummary }).summary;
        continue;
      }
      const result = parse(text, number);
      const next = seeds.next().value as string | undefined;
      if (result.seed !== next) {
        const what = `seed ${result.seed} stands where ${next ?? 'the end'} should`;
        throw new FileError(this.path, what);
      }
      this.resultsEnd = end;
      yield Object.assign(result, { repro: repro(result.seed) });
    }
  }

  /**
   * Write the lines of the results that were read to an open file, as they are.
   * @param toPath its name, for errors
   * @throws FileError if one cannot be read, or the other not written
   */
  copyResults(to: number, toPath: string): void {
    const file = orFileError(this.path, () => openSync(this.path, 'r'), 'read');
    const piece = Buffer.allocUnsafe(PIECE);
    try {
      for (let at = this.resultsStart; at < this.resultsEnd;) {
        const most = Math.min(PIECE, this.resultsEnd - at);
        const size = orFileError(this.path, () => readSync(file, piece, 0, most, at), 'read');
        if (size === 0) throw new FileError(this.path, 'has become shorter while it was read');
        orFileError(toPath, () => writeFileSync(to, piece.subarray(0, size)));
        at += size;
      }
    } finally {
      closeSync(file);
    }
  }
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Behind its line end, in bytes from the start of the file. */
  readonly end: number;
  /** Only the last one may have no line end. */
  readonly isWhole: boolean;
}

/** The lines of a file of any size. */
function* linesOf(path: string): Generator<Line> {
  const file = orFileError(path, () => openSync(path, 'r'), 'read');
  try {
    let rest = Buffer.alloc(0);
    let number = 0;
    let end = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const size = orFileError(path, () => readSync(file, piece, 0, PIECE, null), 'read');
      if (size === 0) break;
      const bytes = Buffer.concat([rest, piece.subarray(0, size)]);
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
        end += at + 1 - from;
        yield { text: bytes.toString('utf8', from, at), number: ++number, end, isWhole: true };
        from = at + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) {
      yield { text: rest.toString('utf8'), number: number + 1, end, isWhole: false };
    }
  } finally {
    closeSync(file);
  }
}
