import * as fs from 'node:fs';
import {
  checkOperations,
  type HistoryFormat,
  models,
  parseHistory,
} from '../porcupine-ts/index.ts';
import { timeRounds } from './checker-cases.ts';

/** A file takes a few ms at most: the compiler needs that many of them. */
const WARM_UP_ROUNDS = 30;

/** How a public history file went. */
export interface TimedFile {
  readonly file: string;
  readonly operations: number;
  readonly verdict: string;
  readonly expected: string;
  readonly ms: number;
  /** The least time that Porcupine took, on another machine. */
  readonly goMinMs: number;
}

interface ManifestEntry {
  readonly file: string;
  readonly format: string;
  readonly expected: string;
  readonly go_min_ms: number;
}

/** Beside the repository, as seen from dist/bench/. */
const folder = new URL('../../../shared/data/porcupine/', import.meta.url);

const readers: Readonly<Record<string, { format: HistoryFormat; model: string }>> = {
  'jepsen-etcd-log': { format: 'jepsen', model: 'cas-register' },
  'jepsen-edn-kv': { format: 'porcupine-kv', model: 'append' },
};

/** Times all public files; none if they are not there. */
export function timeFiles(rounds: number): TimedFile[] {
  const manifest = new URL('manifest.json', folder);
  if (!fs.existsSync(manifest)) return [];
  const { files } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { files: ManifestEntry[] };
  return files.map(({ file, format, expected, go_min_ms: goMinMs }) => {
    const reader = readers[format]!;
    const model = models[reader.model]!;
    const text = fs.readFileSync(new URL(file, folder), 'utf8');
    const history = parseHistory(text, reader.format, model);
    const judge = () => checkOperations(model, history);
    const { verdict, operations } = judge();
    const { median: ms } = timeRounds(judge, rounds, WARM_UP_ROUNDS);
    return { file, operations, verdict, expected, ms, goMinMs };
  });
}
