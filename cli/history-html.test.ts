import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { prepareHistoryHtml } from './history-html.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultlab-html-'));
const history = join(folder, 'h.jsonl');
writeFileSync(history, '');
symlinkSync(history, join(folder, 'link.jsonl'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a page goes to a file of its own', () => {
  test.each([
    ['a folder', '.', /is a folder: name a file/],
    ['in a folder that is not there', 'none/page.html', /cannot be written/],
    ['the history itself', 'h.jsonl', /is the history itself/],
    ['another name of it', 'link.jsonl', /is no ordinary file/],
  ])('%s is refused', (_what, name, message) => {
    expect(() => prepareHistoryHtml(join(folder, name), history)).toThrow(message);
  });

  test('standard output is refused: it has the verdict', () => {
    expect(() => prepareHistoryHtml('-', history)).toThrow(/name a file/);
  });

  test('any other name is taken', () => {
    expect(() => prepareHistoryHtml(join(folder, 'page.html'), '-')).not.toThrow();
  });
});
