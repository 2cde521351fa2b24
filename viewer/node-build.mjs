// Builds the page without data: one HTML file, with its style and its script inside.
//
//   node viewer/node-build.mjs OUT    writes OUT/viewer/page.html; OUT holds the compiled sources

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const folder = import.meta.dirname;
const [out = ''] = process.argv.slice(2);

/** The script, in one piece. Whatever needs Node ends the build. */
async function bundle() {
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: path.join(folder, 'main.tsx'),
        output: { format: 'es', codeSplitting: false },
        onLog(_level, log, handler) {
          if (/externalized for browser/.test(log.message)) throw new Error(log.message);
          handler('error', log);
        },
      },
    },
    plugins: [refuseNode],
  });
  const [chunk, ...others] = [result].flat().flatMap(({ output }) => output);
  if (others.length > 0)
    throw new Error(`more than one file: ${others.map((other) => other.fileName).join(', ')}`);
  return chunk.code;
}

const refuseNode = {
  name: 'refuse-node',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source.startsWith('node:')) throw new Error(`${importer}: ${source} is not in a browser`);
  },
};

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const tokens = pathToFileURL(path.join(out, 'scenarios', 'report', 'page', 'tokens.js')).href;
const { TOKENS } = await import(tokens);
const sheets = ['page.css', path.join('history', 'history.css')].map((name) =>
  path.join(folder, name),
);
sheets.unshift(createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'));
const style = [TOKENS, ...sheets.map((file) => fs.readFileSync(file, 'utf8'))].join('');
// Nothing in a script may end it.
const script = (await bundle()).replaceAll('</script', String.raw`<\/script`);
const policy = [
  `default-src 'none'`,
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  `img-src data:`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');
const parts = { policy, style, script };
const page = fs
  .readFileSync(path.join(folder, 'page.html'), 'utf8')
  .replace(/<!--build:(\w+)-->/g, (_mark, name) => parts[name]);
fs.mkdirSync(path.join(out, 'viewer'), { recursive: true });
fs.writeFileSync(path.join(out, 'viewer', 'page.html'), page);
