import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  parseAnnotatedHistory,
  versionedKvModel,
  type Annotation,
  type VersionedKvOperation,
} from '../porcupine-ts/index.ts';
import { htmlPage } from '../scenarios/report/page/node-html-page.ts';
import { pictured, type Judging } from './testing/histories.ts';
import { problemsIn } from './testing/node-axe.ts';
import { describePages, type Look } from './testing/node-pages.ts';

/** A line of a history: who, when, what, and what came of it. */
type Line = readonly [
  client: string,
  call: number,
  end: number,
  op: string,
  key: string,
  ...string[],
];

/** `value` is what a put writes at a version, or what a get reads. */
function line([client, call, end, op, key, value = '', version = '0']: Line): object {
  const isAbsent = op === 'get' && version === '0';
  const output = { value, version: Number(version), error: isAbsent ? 'ErrNoKey' : 'OK' };
  const input = op === 'get' ? { op, key } : { op, key, value, version: Number(version) };
  return { client, call, return: end, ...input, output };
}

const CLEAN: readonly Line[] = [
  ['ann', 0, 40, 'put', 'apples', '10', '0'],
  ['bob', 10, 60, 'get', 'pears'],
  ['ann', 50, 90, 'put', 'apples', '7', '1'],
  ['cat', 70, 120, 'get', 'apples', '7', '2'],
];
const STALE: readonly Line[] = [...CLEAN, ['bob', 130, 150, 'get', 'apples', '10', '1']];

function htmlOf(lines: readonly (Line | Annotation)[], judging: Judging = {}): string {
  const isLine = (each: Line | Annotation): each is Line => Array.isArray(each);
  const text = lines
    .filter(isLine)
    .map((each) => JSON.stringify(line(each)))
    .join('\n');
  const { history } = parseAnnotatedHistory(text, 'jsonl', versionedKvModel);
  const annotations = lines.filter((each): each is Annotation => !isLine(each));
  const { bytes } = pictured(versionedKvModel, history as VersionedKvOperation[], {
    ...judging,
    annotations,
  });
  return htmlPage('a history', bytes);
}

describePages('the page of a history', (pages) => {
  const opened = async (html: string, look?: Look): Promise<Page> => {
    const page = await pages.open(html, look);
    await page.locator('.history-page').waitFor();
    return page;
  };
  const where = (page: Page): Promise<string> => page.locator('.where').innerText();
  const stateOf = (page: Page): Promise<string> => page.locator('.state-now').innerText();
  const names = (page: Page): Promise<string> => page.locator('.gutter').innerText();
  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    // One after the other, as a person would.
    // oxlint-disable-next-line no-await-in-loop
    for (const key of keys) await page.keyboard.press(key);
  };
  const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();

  test('of a clean one is stepped through by keys, with the state after each step', async () => {
    const page = await opened(htmlOf(CLEAN));
    expect(await page.locator('header').innerText()).toContain('✓ pass');
    const seen: string[] = [];
    for (const key of ['n', 'ArrowRight', 'n', 'p', 'End', 'Home']) {
      // oxlint-disable-next-line no-await-in-loop
      await press(page, key);
      // oxlint-disable-next-line no-await-in-loop
      seen.push(`${(await where(page)).split(' state')[0]}: ${await stateOf(page)}`);
    }
    expect(seen).toEqual([
      'step 1 of 3: "10", version 1',
      'step 2 of 3: "7", version 2',
      'step 3 of 3: "7", version 2',
      'step 2 of 3: "7", version 2',
      'step 3 of 3: "7", version 2',
      'step 0 of 3: no such key',
    ]);
    await page.close();
  });

  test('is played to its end, at a chosen speed', async () => {
    const page = await opened(htmlOf(CLEAN));
    await press(page, '.');
    expect(await page.locator('.speed').innerText()).toContain('5 /s');
    await press(page, 'Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => where(page), { timeout: 5000 }).toContain('step 3 of 3');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => where(page)).toContain('step 0 of 3');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.close();
  });

  test('of a violation begins at it, says why, and what could not come next', async () => {
    const page = await opened(htmlOf(STALE));
    const card = page.getByRole('region', { name: 'Violation' });
    expect(await card.innerText()).toMatch(
      /stale read\s+client bob read version 1 of key "apples"/,
    );
    expect(await card.innerText()).toContain('These 2 answers are impossible together');
    const stuck = page.getByRole('region', { name: 'What could not come next' });
    expect(await stuck.innerText()).toMatch(/After 3 operations the state is "7", version 2/);
    expect(await stuck.innerText()).toContain('bob get("apples") -> "10", version 1, OK');
    // Away from it, and back by key and by the words above.
    await press(page, 'Home', '0');
    expect(await where(page)).toContain('step 0');
    await press(page, 'v');
    expect(await where(page)).toContain('step 3 of 3');
    await press(page, 'Home');
    await page.locator('.reason .link').click();
    expect(await where(page)).toContain('step 3 of 3');
    await card.getByRole('button', { name: /put\("apples", "7"/ }).click();
    expect(await where(page)).toContain('step 2 of 3');
    await page.close();
  });

  test('shows one key alone, or all, and filters their list', async () => {
    const page = await opened(htmlOf(STALE));
    expect((await names(page)).split('\n')).toEqual(['ann', 'bob', 'cat']);
    await press(page, ']');
    expect((await names(page)).split('\n')).toEqual(['bob']);
    await press(page, 'k');
    expect((await names(page)).split('\n')).toEqual(['ann', 'bob', 'cat']);
    await tab(page, 'Keys');
    const rows = page.locator('.key-row');
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/illegal\s+apples\s+4/),
      expect.stringMatching(/ok\s+pears\s+1/),
    ]);
    await page.getByLabel('Filter keys').fill('PEAR');
    expect(await rows.count()).toBe(1);
    await rows.click();
    expect((await names(page)).split('\n')).toEqual(['bob']);
    await page.close();
  });

  test('switches from time to rank and back, and is searched', async () => {
    const page = await opened(htmlOf(STALE));
    const rank = page.getByRole('button', { name: 'Rank' });
    expect(await rank.getAttribute('aria-pressed')).toBe('false');
    await press(page, 't');
    expect(await rank.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Time' }).click();
    expect(await rank.getAttribute('aria-pressed')).toBe('false');
    await press(page, '/');
    await page.keyboard.type('pears');
    await press(page, 'Enter');
    expect(await page.locator('.search .count').innerText()).toBe('1 of 1');
    expect(await page.getByRole('region', { name: 'Operation' }).innerText()).toContain('pears');
    await page.close();
  });

  test('tells what the pointer is over, and stays with what is clicked', async () => {
    const fault = {
      tag: 'faults',
      start: 45,
      end: 95,
      description: 's2 is cut off',
      details: 'why',
    };
    const page = await opened(htmlOf([fault, ...CLEAN]));
    expect(await names(page)).toContain('faults');
    const box = (await page.locator('canvas.diagram').boundingBox())!;
    const x = box.x + box.width * 0.5;
    const tooltip = page.locator('.tooltip');
    await page.mouse.move(x, box.y + 36);
    expect(await tooltip.innerText()).toMatch(/s2 is cut off\s+why\s+45 to 95/);
    await page.mouse.move(x, box.y + 24 + 26 + 30);
    expect(await tooltip.innerText()).toContain('put("apples", "7", version 1) -> OK');
    expect(await tooltip.innerText()).toMatch(/state before: "10", version 1\s+after: "7"/);
    await page.mouse.click(x, box.y + 24 + 26 + 30);
    expect(await where(page)).toContain('step 2 of 3');
    await page.close();
  });

  test('of an undecided one says so, and shows how far it came', async () => {
    const writes = Array.from({ length: 12 }, (_, i): Line => [
      `c${i}`,
      0,
      900,
      'put',
      'k',
      `v${i}`,
      String(i),
    ]);
    const html = htmlOf(writes, { algorithm: 'search', maxSteps: 9 });
    const page = await opened(html);
    expect(await page.locator('header').innerText()).toContain('that is not a pass');
    expect(await page.getByRole('region', { name: 'Undecided' }).innerText()).toContain(
      'Below is how far it came',
    );
    await page.close();
  });

  test('of no operations has words for it', async () => {
    const page = await opened(htmlOf([]));
    expect(await page.getByRole('tabpanel').innerText()).toContain('nothing to judge');
    await press(page, 'n', 't', 'v', '0', ']', 'z');
    await page.close();
  });

  test('texts of a history are text, whatever they say', async () => {
    const owned = `document.title='owned'`;
    const evil = `</script><script>${owned}</script><img src=x onerror="${owned}">`;
    const told = { tag: evil, start: 1, end: 9, description: evil, details: evil };
    const html = htmlOf([
      told,
      { ...told, tag: undefined, clientId: evil } as unknown as Annotation,
      [evil, 0, 4, 'put', evil, evil, '0'],
      [evil, 10, 14, 'get', evil],
    ]);
    const page = await opened(html);
    for (const name of ['Keys', 'About', 'Steps']) await tab(page, name);
    await press(page, 'Home', 'n', 'v');
    expect(await page.title()).toBe('a history');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Violation' }).innerText()).toContain('onerror');
    await page.close();
  });

  test.each(['light', 'dark'] as const)('is accessible in %s', async (scheme) => {
    const fault = { tag: 'faults', start: 45, end: 95, description: 's2 is cut off' };
    const page = await opened(htmlOf([fault, ...STALE]), { scheme });
    const problems: string[] = [];
    for (const name of ['Steps', 'Keys', 'About']) {
      await tab(page, name);
      problems.push(...(await problemsIn(page)));
    }
    await press(page, '?');
    await page.getByRole('dialog').getByText('zoom to the selection').waitFor();
    problems.push(...(await problemsIn(page)));
    expect(problems).toEqual([]);
    await page.close();
  });

  test('a damaged head or table is told, and no page is blank', async () => {
    const { bytes } = pictured(versionedKvModel, []);
    const text = new TextDecoder('latin1').decode(bytes).replace('"parts":0', '"parts":7');
    const damaged = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const page = await pages.open(htmlPage('x', damaged));
    expect(await page.getByRole('alert').innerText()).toContain('in this page');
    await page.close();
  });
});
