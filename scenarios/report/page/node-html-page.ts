import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { packageFile } from '../../runner/node-user-code.ts';
import { escaped } from '../xml.ts';

/** The page without data, as the build makes it. */
const TEMPLATE = 'dist/viewer/page.html';

const TITLE_MARK = '<!--faultlab:title-->';
const DATA_MARK = '<!--faultlab:data-->';

/**
 * One page that needs nothing beside itself: the viewer, with what it shows. The data stands in
 * base64, of which no character means anything to HTML.
 * @throws Error if Faultlab was built without its viewer
 */
export function htmlPage(title: string, data: Uint8Array): string {
  const file = packageFile(TEMPLATE);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build makes it`);
  const template = readFileSync(file, 'utf8');
  const base64 = gzipSync(data, { level: 9 }).toString('base64');
  const [head, tail] = halves(template, TITLE_MARK, file);
  const [body, end] = halves(tail, DATA_MARK, file);
  const type = 'application/octet-stream;base64';
  const script = `<script id="faultlab-data" type="${type}">${base64}</script>`;
  return `${head}${escaped(title)}${body}${script}${end}`;
}

function halves(text: string, mark: string, file: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${file} has no ${mark}: npm run build makes it anew`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
