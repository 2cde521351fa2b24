import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describePages } from './testing/node-pages.ts';
import { line, reportOf } from './testing/recorded.ts';
import { htmlOf, pageOf } from './testing/views.ts';

describePages('what nodes know, over time', (pages) => {
  const opened = async (html: string): Promise<Page> => {
    const page = await pages.open(html, { width: 1600, height: 1000 });
    await page.locator('.run-page').waitFor();
    return page;
  };
  const names = async (page: Page): Promise<string[]> =>
    (await page.locator('.gutter-row.fact').allInnerTexts()).map((name) => name.trim());
  const where = (page: Page): Promise<string> => page.locator('.where').innerText();

  /** A place in the row of a name, that far to the right in the picture. */
  async function placeIn(page: Page, name: string, share: number): Promise<[number, number]> {
    const row = page.locator('.gutter-row.fact').filter({ hasText: name }).first();
    const [box, canvas] = [
      await row.boundingBox(),
      await page.locator('canvas.diagram').boundingBox(),
    ];
    return [canvas!.x + canvas!.width * share, box!.y + box!.height / 2];
  }

  async function told(page: Page, name: string, share: number = 0.95): Promise<string> {
    await page.mouse.move(...(await placeIn(page, name, share)));
    return await page.locator('.tooltip').innerText();
  }

  test('of a server of Raft: term, vote, and the log with its marks', async () => {
    const page = await opened(await pageOf('raft/chaos-5', '1'));
    expect(await names(page)).toEqual([]);
    await page.getByRole('button', { name: 's1', exact: true }).click();
    expect(await names(page)).toEqual(['term', 'voted for', 'Log']);
    expect(await told(page, 'term')).toMatch(/^term: 5\s+from /);
    expect(await told(page, 'voted for')).toMatch(/^voted for: s4\s/);
    const log = await told(page, 'Log');
    expect(log).toMatch(/^Log: 340 to 35\d\s+a snapshot has all up to 339\s/);
    expect(log).toMatch(/committed 35\d, applied 35\d\s+term 5 from 340\s/);
    // A click leads to the event that made it so.
    await page.mouse.click(...(await placeIn(page, 'voted for', 0.95)));
    expect(await page.getByRole('tabpanel').innerText()).toMatch(/^s1 .*RequestVote/);
    await page.keyboard.press('l');
    expect((await names(page)).filter((name) => name === 'Log').length).toBeGreaterThan(3);
    await page.keyboard.press('l');
    expect(await names(page)).toEqual([]);
    await page.close();
  });

  test('of a key-value store: the versions of chosen keys', async () => {
    const page = await opened(await pageOf('kv/chaos', '1'));
    expect(await names(page)).toEqual(['k0', 'k1', 'k2']);
    expect(await told(page, 'k1', 0.9)).toMatch(/^k1: version 17, value c\d+\.\d+\s+from /);
    await page.locator('.story-row').last().click();
    await page.getByRole('tab', { name: 'State' }).click();
    const key = page.getByRole('rowheader').getByRole('button', { name: 'k1' });
    expect(await key.getAttribute('aria-pressed')).toBe('true');
    await key.click();
    expect(await names(page)).toEqual(['k0', 'k2']);
    await key.click();
    expect(await names(page)).toEqual(['k0', 'k1', 'k2']);
    await page.close();
  });

  test('of a job: each task, with who was at it', async () => {
    const page = await opened(await pageOf('mapreduce/chaos-shared', '1'));
    // The coordinator is the only node that shows anything.
    expect((await names(page)).slice(0, 3)).toEqual([
      'maps done',
      'reduces done',
      'map text-0.txt 0',
    ]);
    expect(await told(page, 'map text-3.txt 0', 0.1)).toMatch(/: running, worker w3, attempts 1/);
    expect(await told(page, 'map text-3.txt 0')).toMatch(/: done, worker w3, attempts 1/);
    await page.close();
  });

  test('of shards: who serves them, by shard or by group', async () => {
    const page = await opened(await pageOf('shardkv/join-basic', '1'));
    const shards = (): Promise<string> => page.locator('.gutter').innerText();
    expect(await shards()).toContain('shard 11');
    await page.getByRole('button', { name: 'by owner' }).click();
    expect(await names(page)).toEqual(['group 1', 'group 2', 'on its way']);
    expect(await shards()).not.toContain('shard 11');
    expect(await told(page, 'group 2')).toMatch(/^group 2: 6 of 12\s+shard 6, shard 7, /);
    await page.getByRole('button', { name: 'g1.s0', exact: true }).click();
    expect(await told(page, 'serves')).toMatch(/^serves: 6 of 12\s+0, 1, 2, 3, 4, 5\s/);
    await page.close();
  });

  test('of nodes that no view knows: whatever they show', async () => {
    const show = (payload: object): object => ({ kind: 'state', node: 'mine', payload });
    const records = [show({ mood: 'calm', depth: 3 }), show({ mood: '<b>' }), show({ depth: 4 })];
    const page = await opened(htmlOf(reportOf([...records, { kind: 'wake', node: 'mine' }])));
    expect(await names(page)).toEqual(['mood', 'depth']);
    expect(await told(page, 'mood', 0.6)).toMatch(/^mood: <b>\s/);
    expect(await told(page, 'depth', 0.6)).toMatch(/^depth: 3\s/);
    await page.close();
  });

  test('graphs count over the time of the diagram, and follow its pointer', async () => {
    const page = await opened(await pageOf('kv/chaos', '1'));
    await page.keyboard.press('g');
    const graphs = page.getByRole('img', { name: 'Messages and operations over time' });
    const numbers = page.locator('.graph-names');
    expect(await numbers.innerText()).toMatch(/^Messages[^]*Under way[^]*Operations[^]*They took/);
    const before = await numbers.innerText();
    const box = (await page.locator('canvas.diagram').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.4, box.y + 10);
    await expect.poll(() => numbers.innerText()).not.toBe(before);
    const start = await where(page);
    await graphs.click({ position: { x: 400, y: 20 } });
    expect(await where(page)).not.toBe(start);
    await page.getByRole('button', { name: 'Graphs' }).click();
    expect(await graphs.count()).toBe(0);
    await page.close();
  });

  test('graphs of a run in which nothing was sent say so', async () => {
    const page = await opened(htmlOf(reportOf([{}], { history: [line(0, 0, undefined)] })));
    await page.keyboard.press('g');
    expect(await page.locator('.stage').innerText()).toContain('Nothing was sent in this run');
    await page.close();
  });
});
