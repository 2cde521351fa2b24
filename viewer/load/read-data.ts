import { PageError, PageFile } from '../../scenarios/report/page/page-file.ts';

/** The id of the element that holds the data of the page. */
export const DATA_ID = 'faultlab-data';

/**
 * What a page holds: base64 of the gzip of a page file.
 * @throws PageError that says what is wrong with it
 */
export async function readData(base64: string | undefined): Promise<PageFile> {
  if (base64 === undefined || base64.trim() === '') {
    throw new PageError('This page holds no data: it is a template, or was cut off.');
  }
  return new PageFile(await unzipped(bytesOf(base64)));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    throw new PageError('The data in this page is not base64: it is damaged or cut off.');
  }
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (typeof DecompressionStream === 'undefined') {
    throw new PageError('This browser cannot decompress data: it is older than 2023.');
  }
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new PageError('The data in this page cannot be decompressed: it is damaged or cut off.');
  }
}
