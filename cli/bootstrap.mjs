// Makes a fresh clone usable: installs what package-lock.json asks for and brings dist/ up to date,
// each only when needed. Run by the npm scripts, and by vitest before the end-to-end tests.
// It runs before anything is installed, so it imports nothing but Node's own modules.
//
//   node cli/bootstrap.mjs install    npm ci, unless node_modules already matches the lock file
//   node cli/bootstrap.mjs start      install, then build if dist/ is missing or stale
//   node cli/bootstrap.mjs build      install, then build in any case
//   node cli/bootstrap.mjs prepare    build if stale; nothing where dev dependencies are absent
//   node cli/bootstrap.mjs deep ...   install, then the deep tests (arguments go to vitest)

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const fingerprintFile = path.join(dist, '.fingerprint');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const vite = path.join(root, 'node_modules', 'vite', 'package.json');
const nodeMin = [20, 19];

/** Vitest's globalSetup: the end-to-end tests run the built command. */
export function setup() {
  buildIfStale();
}

function main([mode, ...rest]) {
  requireNode();
  switch (mode) {
    case 'install':
      return installIfNeeded();
    case 'start':
      installIfNeeded();
      return buildIfStale();
    case 'build':
      installIfNeeded();
      return build();
    case 'prepare':
      return fs.existsSync(tsc) && fs.existsSync(vite) ? buildIfStale() : undefined;
    case 'deep':
      installIfNeeded();
      return testDeep(rest);
    default:
      throw new Stop(`usage: node cli/bootstrap.mjs install | start | build | prepare | deep`, 64);
  }
}

/** Ends the process with a message for the reader instead of a stack. */
class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  throw new Stop(`Faultlab needs Node ${nodeMin.join('.')} or newer; this is ${process.version}.`);
}

// --- dependencies -------------------------------------------------------------------------------

function installIfNeeded() {
  if (isInstalled()) return;
  process.stderr.write('Installing dependencies (npm ci), once ...\n');
  // npm names its own entry file to the scripts it runs; without it, the shell finds one.
  // Our own prepare step is left out: what comes next builds if it has to.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync(`npm ${args.join(' ')}`, { cwd: root, stdio: 'inherit', shell: true });
  if (result.status !== 0) throw new Stop('npm ci failed; its own message is above.');
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm keeps a lock file of its own in
 * there; contents are compared rather than times, because a git checkout touches every file.
 */
function isInstalled() {
  const wanted = readLock(path.join(root, 'package-lock.json'));
  const present = readLock(path.join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) throw new Stop('package-lock.json is missing or broken.');
  if (present === undefined) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const found = present[name];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

// --- build --------------------------------------------------------------------------------------

function buildIfStale() {
  const current = fingerprint();
  const built = fs.existsSync(fingerprintFile) ? fs.readFileSync(fingerprintFile, 'utf8') : '';
  if (built !== current) build(current);
}

/** Compiles next to dist/ and swaps: no stale file is left, and no reader sees half a build. */
function build(current = fingerprint()) {
  process.stderr.write('Building dist/ ...\n');
  const next = `${dist}-${process.pid}`;
  try {
    const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', next];
    const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    if (result.status !== 0) throw new Stop('The build failed; dist/ is as it was.');
    for (const part of ['cli', 'viewer']) {
      const script = path.join(root, part, 'node-build.mjs');
      const built = spawnSync(process.execPath, [script, next], { cwd: root, stdio: 'inherit' });
      if (built.status !== 0) throw new Stop(`${part}/ does not build; dist/ is as it was.`);
    }
    fs.chmodSync(path.join(next, 'cli', 'main.js'), 0o755);
    fs.writeFileSync(path.join(next, '.fingerprint'), current);
    swap(next);
  } finally {
    fs.rmSync(next, { recursive: true, force: true });
  }
}

function swap(next) {
  const old = `${next}-old`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (fs.existsSync(dist)) fs.renameSync(dist, old);
      fs.renameSync(next, dist);
      break;
    } catch (error) {
      // Another build swapped at the same moment; its result is moved away too.
      if (attempt === 5) throw error;
    } finally {
      fs.rmSync(old, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** A hash over all that the build reads: sources, configuration and the versions of its tools. */
function fingerprint() {
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const { include } = JSON.parse(fs.readFileSync(path.join(root, 'tsconfig.build.json'), 'utf8'));
  const folders = [...include.map((pattern) => pattern.split('/')[0]), 'cli', 'viewer'];
  const files = [...settings, ...folders.flatMap((folder) => sources(folder))];
  const hash = createHash('sha256');
  for (const tool of ['typescript', 'esbuild', 'vite', 'preact']) {
    const file = path.join(root, 'node_modules', tool, 'package.json');
    hash.update(JSON.parse(fs.readFileSync(file, 'utf8')).version);
  }
  for (const file of files.toSorted()) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function sources(folder) {
  const absolute = path.join(root, folder);
  if (!fs.existsSync(absolute)) return [];
  return fs
    .readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.(tsx?|mjs|css|html)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

// --- deep tests ---------------------------------------------------------------------------------

function testDeep(args) {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, FAULTLAB_DEEP: '1' };
  const all = [vitest, 'run', '--project', 'deep', ...args];
  const result = spawnSync(process.execPath, all, { cwd: root, env, stdio: 'inherit' });
  process.exitCode = result.status ?? 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Stop ? error.message : error.stack}\n`);
    process.exitCode = error instanceof Stop ? error.code : 70;
  }
}
