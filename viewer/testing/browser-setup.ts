import { chromium, type BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { CHROMIUM_ARGS, chromiumPath } from './node-chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser of all tests listens; '' if there is none. */
    browser: string;
  }
}

let server: BrowserServer | undefined;

/** Once for all tests of pages one browser is started. */
export async function setup(project: TestProject): Promise<void> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    const hint = 'set FAULTLAB_CHROMIUM to the path of one';
    process.stderr.write(`No Chromium was found, so that no page is tested: ${hint}.\n`);
    project.provide('browser', '');
    return;
  }
  server = await chromium.launchServer({ executablePath, args: [...CHROMIUM_ARGS] });
  project.provide('browser', server.wsEndpoint());
}

export async function teardown(): Promise<void> {
  await server?.close();
}
