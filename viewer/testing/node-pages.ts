import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, inject } from 'vitest';

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens pages in the browser of all tests, from files, as a reader would. */
export interface Pages {
  /** @param html the page, or the path of one */
  open(html: string, look?: Look): Promise<Page>;
}

/** Tests of pages: skipped, and said to be, where there is no browser. */
export function describePages(name: string, body: (pages: Pages) => void): void {
  const endpoint = inject('browser');
  const title = endpoint === '' ? `${name} (no Chromium)` : name;
  // oxlint-disable-next-line vitest/valid-title -- it is given
  describe.skipIf(endpoint === '')(title, () => {
    let browser: Browser;
    let folder: string;
    let count = 0;
    beforeAll(async () => {
      browser = await chromium.connect(endpoint);
      folder = mkdtempSync(join(tmpdir(), 'faultlab-pages-'));
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    body({
      async open(html, { width = 1280, height = 800, scheme = 'light' } = {}) {
        let file = html;
        if (html.includes('<')) {
          file = join(folder, `${++count}.html`);
          writeFileSync(file, html);
        }
        const viewport = { width, height };
        const page = await browser.newPage({ viewport, colorScheme: scheme });
        page.on('pageerror', (error) => {
          throw error;
        });
        await page.goto(pathToFileURL(file).href);
        return page;
      },
    });
  });
}
