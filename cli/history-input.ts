import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** The longest text that Node can hold, in bytes of ASCII. */
const TEXT_BYTES_MAX = 0x1fffffe8;
const LINE_FEED = 10;

/** What a history file is called in messages. */
export function nameOfInput(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/**
 * The text of a file, or of standard input for `-`; unpacked if it begins as gzip does, whatever
 * its name.
 * @throws UsageError if it cannot be read, or is no text
 */
export async function readHistoryText(file: string): Promise<string> {
  const bytes = await unpacked(await readBytes(file));
  if (bytes.length > TEXT_BYTES_MAX) {
    throw new UsageError(`too large: ${bytes.length} bytes, of at most ${TEXT_BYTES_MAX}`);
  }
  if (!isUtf8(bytes)) {
    throw new UsageError(`line ${firstLine(bytes, (line) => !isUtf8(line))}: not UTF-8 text`);
  }
  if (bytes.includes(0)) {
    const line = firstLine(bytes, (each) => each.includes(0));
    throw new UsageError(`line ${line}: has a zero byte; is this a binary file?`);
  }
  return bytes.toString('utf8');
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    if (file !== '-') return readFileSync(file);
    // Not readFileSync(0): that fails on a pipe whose writer takes its time.
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new UsageError(`cannot be read: ${(error as Error).message}`);
  }
}

async function unpacked(bytes: Buffer): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new UsageError(`too large: more than ${TEXT_BYTES_MAX} bytes when unpacked`);
    }
    throw new UsageError(`damaged gzip: ${message}`);
  }
}

/** Number, from 1, of the first line that is so; line ends are the same bytes in all of UTF-8. */
function firstLine(bytes: Buffer, isSo: (line: Buffer) => boolean): number {
  let number = 1;
  for (let start = 0; start <= bytes.length; number++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    if (isSo(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return number;
}
