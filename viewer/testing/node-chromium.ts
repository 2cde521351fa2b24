import { existsSync } from 'node:fs';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium is: what FAULTLAB_CHROMIUM says, or a usual place; undefined = nowhere. */
export function chromiumPath(): string | undefined {
  const said = process.env['FAULTLAB_CHROMIUM'];
  if (said !== undefined && said !== '') return said;
  return USUAL.find((file) => existsSync(file));
}

/** What a Chromium is started with: the machines of tests often allow it no sandbox. */
export const CHROMIUM_ARGS: readonly string[] = ['--no-sandbox', '--force-color-profile=srgb'];
