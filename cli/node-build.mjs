// Builds the command: what it loads comes in a few files instead of hundreds, which takes three
// fifths of the time, and a sweep loads all of it twice. The folders of the library are left as
// they were compiled: who imports `faultlab/raft` gets the files that its types describe.
//
//   node cli/node-build.mjs OUT    writes OUT/cli/

import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const [out = ''] = process.argv.slice(2);

/** The command, and what it starts in threads and processes: they share every other file. */
const entries = [
  'cli/main.ts',
  'scenarios/node-catalogue.ts',
  'scenarios/runner/node-worker.ts',
  'scenarios/runner/node-alone.ts',
];

await build({
  absWorkingDir: root,
  entryPoints: entries.map((file) => ({ in: file, out: path.basename(file, '.ts') })),
  outdir: path.resolve(out, 'cli'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
