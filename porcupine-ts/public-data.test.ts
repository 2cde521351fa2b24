/**
 * Histories that others have judged: Jepsen's etcd logs and Porcupine's own test data, with the
 * verdicts of Porcupine. They lie beside the repository; without them there is nothing to test.
 */
import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkOperations } from './check.ts';
import { type HistoryFormat, parseHistory } from './formats/parse-history.ts';
import { models } from './models/index.ts';

interface DataFile {
  readonly file: string;
  readonly format: string;
  readonly ops: number;
  readonly crashed?: number;
  readonly expected: 'ok' | 'illegal';
}

const folder = new URL('../../shared/data/porcupine/', import.meta.url);
const present = fs.existsSync(new URL('manifest.json', folder));
const files: readonly DataFile[] = present ? readManifest() : [];

/** Several times what the hardest file needs. */
const maxSteps = 2_000_000;

const readers: Readonly<Record<string, { format: HistoryFormat; model: string }>> = {
  'jepsen-etcd-log': { format: 'jepsen', model: 'cas-register' },
  'jepsen-edn-kv': { format: 'porcupine-kv', model: 'append' },
};

function readManifest(): readonly DataFile[] {
  const text = fs.readFileSync(new URL('manifest.json', folder), 'utf8');
  return (JSON.parse(text) as { files: readonly DataFile[] }).files;
}

describe.skipIf(!present)('public histories get the verdict that is known', () => {
  test('there are some of each verdict', () => {
    const count = (expected: string): number =>
      files.filter((file) => file.expected === expected).length;
    expect(count('ok')).toBeGreaterThan(5);
    expect(count('illegal')).toBeGreaterThan(5);
  });

  test.each(files)('$file: $expected', ({ file, format, ops, crashed, expected }) => {
    const reader = readers[format]!;
    const model = models[reader.model]!;
    const text = fs.readFileSync(new URL(file, folder), 'utf8');
    const history = parseHistory(text, reader.format, model);
    expect(history).toHaveLength(ops);
    expect(history.filter((operation) => operation.return === undefined)).toHaveLength(
      crashed ?? 0,
    );
    expect(checkOperations(model, history, { maxSteps }).verdict).toBe(expected);
  });
});
