/**
 * The file inside a page: what it shows, as bytes. A head in JSON says what the sections are that
 * follow it; large tables are sections of their own, so that nothing has to be parsed before
 * somebody looks at it.
 */

/** The version of the data that this Faultlab's pages hold. */
export const PAGE_FORMAT = 1;

/** What a page can be of. */
export type PageKind = 'run' | 'history';

interface Head {
  readonly format: number;
  readonly kind: PageKind;
  /** The version of Faultlab that wrote it. */
  readonly faultlab: string;
  /** Small things, as JSON. */
  readonly about: unknown;
  readonly sections: readonly { readonly name: string; readonly bytes: number }[];
}

/** Data that a page cannot show, and why, in a sentence for its reader. */
export class PageError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'PageError';
  }
}

/** First bytes of the file. */
const MAGIC = 'FAULTLAB';
const HEAD_AT = MAGIC.length + 4;

/** The file as bytes: magic, length of the head (32 bits, little end first), head, sections. */
export function writePage(
  { kind, faultlab, about }: Pick<Head, 'kind' | 'faultlab' | 'about'>,
  sections: Readonly<Record<string, Uint8Array>>,
): Uint8Array {
  const listed = Object.entries(sections).map(([name, { length: bytes }]) => ({ name, bytes }));
  const head: Head = { format: PAGE_FORMAT, kind, faultlab, about, sections: listed };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const size = listed.reduce((sum, { bytes }) => sum + bytes, HEAD_AT + headBytes.length);
  const file = new Uint8Array(size);
  file.set(new TextEncoder().encode(MAGIC));
  new DataView(file.buffer).setUint32(MAGIC.length, headBytes.length, true);
  file.set(headBytes, HEAD_AT);
  let at = HEAD_AT + headBytes.length;
  for (const bytes of Object.values(sections)) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** What {@link writePage} wrote. */
export class PageFile {
  readonly kind: PageKind;
  readonly faultlab: string;
  readonly about: unknown;
  private readonly sections = new Map<string, Uint8Array>();

  /** @throws PageError if it is damaged, or of a newer Faultlab */
  constructor(file: Uint8Array) {
    const { head, end } = headOf(file);
    this.kind = head.kind;
    this.faultlab = head.faultlab;
    this.about = head.about;
    let at = end;
    for (const { name, bytes } of head.sections) {
      if (at + bytes > file.length) {
        throw new PageError(`The data in this page is cut off in its section "${name}".`);
      }
      this.sections.set(name, file.subarray(at, at + bytes));
      at += bytes;
    }
  }

  /** @throws PageError if there is no such section */
  section(name: string): Uint8Array {
    const bytes = this.sections.get(name);
    if (bytes === undefined) throw new PageError(`The data in this page has no section "${name}".`);
    return bytes;
  }
}

function headOf(file: Uint8Array): { head: Head; end: number } {
  const magic = new TextDecoder().decode(file.subarray(0, MAGIC.length));
  if (magic !== MAGIC || file.length < HEAD_AT) {
    throw new PageError('The data in this page is not that of a Faultlab page.');
  }
  const length = new DataView(file.buffer, file.byteOffset).getUint32(MAGIC.length, true);
  const end = HEAD_AT + length;
  if (end > file.length) throw new PageError('The data in this page is cut off in its head.');
  const head = parseHead(new TextDecoder().decode(file.subarray(HEAD_AT, end)));
  const { format, kind, faultlab, sections } = head;
  if (typeof format === 'number' && format > PAGE_FORMAT) {
    throw new PageError(
      `This page holds data of format ${format}, written by Faultlab ${faultlab}; ` +
        `its viewer reads up to ${PAGE_FORMAT}. Make it again with a newer Faultlab.`,
    );
  }
  const isWhole = format === PAGE_FORMAT && typeof kind === 'string' && Array.isArray(sections);
  if (!isWhole) throw new PageError('The head of the data in this page is not as it should be.');
  return { head: head as Head, end };
}

function parseHead(text: string): Partial<Head> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Head>;
  } catch {
    throw new PageError('The head of the data in this page is not JSON: it is damaged.');
  }
}
