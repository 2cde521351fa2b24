import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const command = path.resolve(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'faultlab-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function view(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const words = [command, 'view', ...args];
  return spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
}

test('a page is written into the folder of its run, and its policy allows nothing else', () => {
  const { status, stdout } = view('kv/chaos', '--seed', '3', '--specimen', 'KV3', '--json');
  expect(status).toBe(0);
  const told = JSON.parse(stdout) as { file: string; verdict: string; bytes: number };
  expect(told).toMatchObject({ file: '.faultlab/kv/chaos/3/page.html', verdict: 'violation' });
  const html = readFileSync(path.join(folder, told.file), 'utf8');
  expect(Buffer.byteLength(html)).toBe(told.bytes);
  expect(html).toContain('<title>VIOLATION kv/chaos seed 3</title>');
  expect(html).toContain(`default-src 'none'; script-src 'sha256-`);
});

test('what cannot be shown, or not be written, is said', () => {
  const none = view();
  expect([none.status, none.stderr]).toEqual([64, expect.stringContaining('.faultlab/latest')]);
  const nowhere = view('kv/chaos', '--out', 'no/such/folder/page.html');
  expect([nowhere.status, nowhere.stderr]).toEqual([64, expect.stringContaining('no/such/folder')]);
});

/** What a server answers: status, headers and content; or the code of why there is no answer. */
function answerOf(url: string, options: { method?: string; host?: string } = {}): Promise<string> {
  const { method = 'GET', host = new URL(url).host } = options;
  return new Promise((resolve) => {
    const asked = request(url, { method, headers: { host } }, (response) => {
      const { statusCode, headers } = response;
      let content = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (content += chunk));
      const head = `${statusCode} ${headers['content-type']} ${headers['cache-control']}`;
      response.on('end', () => resolve(`${head} ${/<title>.*<\/title>/.exec(content)?.[0]}`));
    });
    asked.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''));
    asked.end();
  });
}

test('--serve serves one page, to this machine and to no other site, until Ctrl-C', async () => {
  const words = [command, 'view', 'kv/chaos', '--seed', '1', '--serve', '--no-open'];
  const child = spawn(process.execPath, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /^http:\/\/127\.0\.0\.1:\d+\//.exec(told.toString())?.[0] ?? '';
  const { port } = new URL(url);
  const page = '200 text/html; charset=utf-8 no-store <title>pass kv/chaos seed 1</title>';
  expect(await answerOf(url)).toBe(page);
  expect(await answerOf(url, { host: `localhost:${port}` })).toBe(page);
  expect(await answerOf(url, { host: `evil.example:${port}` })).toMatch(/^403 /);
  expect(await answerOf(`${url}etc/passwd`)).toMatch(/^404 /);
  expect(await answerOf(url, { method: 'POST' })).toMatch(/^404 /);
  const others = Object.values(networkInterfaces()).flatMap((each = []) =>
    each.filter(({ family, internal }) => family === 'IPv4' && !internal),
  );
  const elsewhere = others.map(({ address }) => answerOf(`http://${address}:${port}/`));
  for (const answer of await Promise.all(elsewhere)) expect(answer).toBe('ECONNREFUSED');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await answerOf(url)).toBe('ECONNREFUSED');
});
