import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExitCode } from '../scenarios/report/exit-code.ts';
import { openInBrowser } from './open-in-browser.ts';
import { print } from './output.ts';

const LOOPBACK = '127.0.0.1';

/**
 * Serve one page until the user ends it, to this machine only: no other one can connect, and no
 * other site's page can ask for it under a name of its own.
 */
export async function servePage(
  html: string,
  interrupted: AbortSignal,
  isOpened: boolean,
): Promise<number> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const isOurs = [`${LOOPBACK}:${port}`, `localhost:${port}`].includes(
      request.headers.host ?? '',
    );
    if (!isOurs || request.method !== 'GET' || request.url !== '/') {
      response.writeHead(isOurs ? 404 : 403).end();
      return;
    }
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    response.writeHead(200, headers).end(html);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`;
  print(`${url}   (Ctrl-C ends it)`);
  if (isOpened) openInBrowser(url);
  if (!interrupted.aborted) {
    await new Promise((resolve) => interrupted.addEventListener('abort', resolve));
  }
  server.closeAllConnections();
  server.close();
  return ExitCode.asExpected;
}
