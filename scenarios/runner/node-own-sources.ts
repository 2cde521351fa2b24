import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { packageFile } from './node-user-code.ts';

/**
 * A stack with the frames of this package in its sources: `<faultlab>/sim/kernel/kernel.ts:103:9`.
 * The build has put many of its files into one, whose name and lines tell nobody anything.
 */
export function inOwnSources(stack: string): string {
  const root = packageFile('.');
  const built = pathToFileURL(resolve(root, 'dist') + sep).href;
  const maps = new Map<string, TraceMap | undefined>();
  return stack.replace(/(file:\S+?\.js):(\d+):(\d+)/g, (place, url: string, line, column) => {
    if (!url.startsWith(built)) return place;
    const file = fileURLToPath(url);
    if (!maps.has(file)) maps.set(file, mapOf(file));
    const map = maps.get(file);
    if (map === undefined) return place;
    const at = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    if (at.source === null) return place;
    const source = relative(root, resolve(dirname(file), at.source)).replaceAll(sep, '/');
    return `<faultlab>/${source}:${at.line}:${at.column + 1}`;
  });
}

function mapOf(file: string): TraceMap | undefined {
  try {
    return new TraceMap(readFileSync(`${file}.map`, 'utf8'));
  } catch {
    return undefined;
  }
}
