import { expect, test } from 'vitest';
import { htmlPage } from '../scenarios/report/page/node-html-page.ts';
import { writePage } from '../scenarios/report/page/page-file.ts';
import { describePages } from './testing/node-pages.ts';

const run = (): Uint8Array => writePage({ kind: 'run', faultlab: '9.9.9', about: {} }, {});

describePages('a page that cannot be shown says why', (pages) => {
  const alertOf = async (html: string): Promise<string> => {
    const page = await pages.open(html);
    const text = await page.getByRole('alert').innerText();
    await page.close();
    return text;
  };

  test('without data', async () => {
    const html = htmlPage('x', run()).replace(/<script id="faultlab-data".*?<\/script>/, '');
    expect(await alertOf(html)).toContain('holds no data');
  });

  test('whose data was cut off', async () => {
    const html = htmlPage('x', run());
    const at = html.indexOf('id="faultlab-data"');
    expect(await alertOf(html.slice(0, at + 120))).toMatch(/damaged or cut off/);
  });

  test('that is not base64', async () => {
    const html = htmlPage('x', run()).replace(/(;base64">)./, '$1!');
    expect(await alertOf(html)).toContain('not base64');
  });

  test('of a newer Faultlab', async () => {
    const text = new TextDecoder('latin1').decode(run()).replace('"format":1', '"format":9');
    const newer = Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(await alertOf(htmlPage('x', newer))).toMatch(/format 9, written by Faultlab 9\.9\.9/);
  });
});
