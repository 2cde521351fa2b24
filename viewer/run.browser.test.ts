import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { problemsIn } from './testing/node-axe.ts';
import { describePages, type Look } from './testing/node-pages.ts';
import { line, reportOf } from './testing/recorded.ts';
import { htmlOf, pageOf } from './testing/views.ts';

describePages('the page of a run', (pages) => {
  const opened = async (html: string, look?: Look): Promise<Page> => {
    const page = await pages.open(html, look);
    await page.locator('.run-page').waitFor();
    return page;
  };
  const where = (page: Page): Promise<string> => page.locator('.where').innerText();
  const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();

  test.each([
    ['raft/chaos-5', 'is leader', 'committed'],
    ['kv/chaos', 'partition', 'version'],
    ['mapreduce/chaos-shared', 'pause', 'maps done'],
    ['shardkv/join-basic', 'is leader', 'Shards'],
  ])('of %s tells its story, and what nodes know', async (scenario, told, known) => {
    const page = await opened(await pageOf(scenario, '1'));
    expect(await page.locator('header').innerText()).toContain(scenario);
    expect(await page.getByRole('region', { name: 'Story' }).innerText()).toContain(told);
    // At the end everything has been shown.
    await page.locator('.story-row').last().click();
    await tab(page, 'State');
    expect(await page.getByRole('tabpanel').innerText()).toContain(known);
    await tab(page, 'Operations');
    expect(await page.getByRole('region', { name: 'Operations' }).innerText()).not.toBe('');
    await page.close();
  });

  describe('of a violation', () => {
    test('begins at it, in words, and leads to the operation and back', async () => {
      const page = await opened(await pageOf('kv/chaos', '3', 'KV3'));
      const card = page.locator('#violation');
      expect(await card.innerText()).toMatch(/linearizable[^]*which nobody wrote/);
      expect(await where(page)).toContain('event 495');
      await card.getByRole('button', { name: 'The operation' }).click();
      const details = page.locator('.details-card');
      expect(await details.innerText()).toContain('it fits nowhere');
      await details.getByRole('button', { name: 'Event 495' }).click();
      expect(await page.getByRole('tabpanel').innerText()).toContain('get.reply');
      expect(await page.getByRole('tabpanel').innerText()).toContain('Operation of c3');
      await page.close();
    });

    test('causes are followed, and past and future told apart', async () => {
      const page = await opened(await pageOf('raft/late-votes', '1', 'R9'));
      expect(await page.locator('header').innerText()).toContain('two leaders in term 3');
      await tab(page, 'Event');
      await page.getByRole('heading', { name: /RequestVote.reply/ }).waitFor();
      await page.keyboard.press('c');
      expect(await page.locator('footer').innerText()).toMatch(/\d+ events before it/);
      const before = await where(page);
      await page.keyboard.press('u');
      expect(await where(page)).not.toBe(before);
      await page.keyboard.press('v');
      expect(await where(page)).toBe(before);
      await page.close();
    });
  });

  test('answers the keys that its help names', async () => {
    const page = await opened(await pageOf('kv/chaos', '1'));
    const tabs = ['Story', 'Event', 'State', 'Operations', 'Run'];
    for (const [i, name] of tabs.entries()) {
      await page.keyboard.press(String(i + 1));
      expect(await page.getByRole('tab', { name }).getAttribute('aria-selected')).toBe('true');
    }
    const start = await where(page);
    await page.keyboard.press('ArrowRight');
    const next = await where(page);
    expect(next).not.toBe(start);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await where(page)).toBe(next);
    await page.keyboard.press('n');
    expect(await where(page)).toContain('event 54 ');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('zoom to the selection').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('ErrVersion');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('status').innerText()).toMatch(/^\d+ of \d+$/);
    await page.close();
  });

  test('plays, zooms to a microsecond, and selects what is clicked', async () => {
    const page = await opened(await pageOf('kv/chaos', '1'));
    const start = await where(page);
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => where(page)).not.toBe(start);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.keyboard.press('0');
    // The first story line is a message of c3 that a partition has cut off.
    await page.keyboard.press('/');
    await page.keyboard.type('LOST');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    for (let i = 0; i < 40; i++) await page.keyboard.press('w');
    expect(await where(page)).toMatch(/^\d\.\d{3}\u202F\d{3} s/);
    const box = (await page.locator('canvas.diagram').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 300);
    await page.mouse.wheel(0, 3000);
    await page.keyboard.press('0');
    const [x, y] = await message(page);
    await page.mouse.move(x, y);
    expect(await page.locator('.tooltip').innerText()).not.toBe('');
    await page.mouse.click(x, y);
    await expect
      .poll(() => page.getByRole('tab', { name: 'Event' }).getAttribute('aria-selected'))
      .toBe('true');
    await page.close();
  });

  /** Some place in the diagram where there is something. */
  async function message(page: Page): Promise<[number, number]> {
    const box = (await page.locator('canvas.diagram').boundingBox())!;
    for (let dy = 60; dy < box.height; dy += 5) {
      for (let dx = 100; dx < box.width; dx += 60) {
        await page.mouse.move(box.x + dx, box.y + dy);
        const text = await page.locator('.tooltip').allInnerTexts();
        if (/event \d+/.test(text.join())) return [box.x + dx, box.y + dy];
      }
    }
    throw new Error('there is nothing in the diagram');
  }

  test('hidden messages and nodes are gone, and come back', async () => {
    const page = await opened(await pageOf('kv/chaos', '1'));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const box = page.getByRole('dialog', { name: 'What is shown' });
    await box.getByLabel('c0').uncheck();
    expect(await page.locator('.gutter').innerText()).not.toContain('c0');
    await box.getByLabel('c0').check();
    expect(await page.locator('.gutter').innerText()).toContain('c0');
    await page.close();
  });

  test('texts of a run are text, whatever they say', async () => {
    const owned = `document.title='owned'`;
    const evil = `</script><script>${owned}</script><img src=x onerror="${owned}">`;
    const history = [{ ...line(0, 0, 20), client: evil, input: { key: evil }, output: evil }];
    const base = reportOf(
      [
        { kind: 'invocation', node: evil, payload: { key: evil } },
        { kind: 'message', node: evil, label: evil, from: 'a', to: evil, n: 0, payload: evil },
        { kind: 'fault', label: evil, text: evil },
        { kind: 'state', node: evil, payload: { [evil]: evil } },
        { kind: 'log', node: evil, text: evil },
      ],
      { history, spans: [{ row: evil, what: evil, mark: '<', fromMs: 0, toMs: 1 }] },
    );
    const result = { ...base.result, seed: evil, reason: evil, check: evil, event: 2 };
    const page = await opened(htmlOf({ ...base, result }));
    for (const key of ['l', 'g']) await page.keyboard.press(key);
    for (const name of ['Event', 'State', 'Operations', 'Run', 'Story']) await tab(page, name);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    expect(await page.title()).toContain('</script>');
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('#violation').innerText()).toContain(evil);
    await page.close();
  });

  test('a run without a trace, without operations, has words for it', async () => {
    const page = await opened(htmlOf(reportOf([])));
    expect(await page.getByRole('tabpanel').innerText()).toContain('no trace');
    for (const [name, words] of [
      ['Event', 'Nothing is selected'],
      ['State', 'show nothing'],
      ['Operations', 'No client'],
    ] as const) {
      await tab(page, name);
      expect(await page.getByRole('tabpanel').innerText()).toContain(words);
    }
    await page.close();
  });

  test.each(['light', 'dark'] as const)('is accessible in %s', async (scheme) => {
    const page = await opened(await pageOf('raft/late-votes', '1', 'R9'), { scheme });
    const problems: string[] = [];
    // With what nodes know, and with graphs.
    for (const key of ['l', 'g']) await page.keyboard.press(key);
    for (const name of ['Story', 'Event', 'State', 'Operations', 'Run']) {
      await tab(page, name);
      problems.push(...(await problemsIn(page)));
    }
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    problems.push(...(await problemsIn(page)));
    await page.keyboard.press('?');
    problems.push(...(await problemsIn(page)));
    expect(problems).toEqual([]);
    await page.close();
  });
});
