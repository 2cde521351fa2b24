/**
 * Prints what looking at a run or a history costs: `npm run bench:viewer`, or only those whose
 * name has a word: `npm run bench:viewer -- history`. Pages of several sizes are opened in a
 * headless Chromium (FAULTLAB_CHROMIUM, or /usr/bin/chromium): how large they are, how soon they
 * can be used, how many frames a second panning has, and how much memory the page takes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import {
  checkOperations,
  linearizationInfo,
  versionedKvModel,
  type VersionedKvOperation,
} from '../porcupine-ts/index.ts';
import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { historyPage } from '../scenarios/report/page/history-page.ts';
import { htmlPage } from '../scenarios/report/page/node-html-page.ts';
import { runPage } from '../scenarios/report/page/run-page.ts';
import { Target } from '../scenarios/runner/node-target.ts';
import { versionedKvHistory } from './checker-workloads.ts';
import { median } from './measure.ts';
import { formatTable } from './table.ts';

/** What is looked at: a scenario, and the settings that make it long. */
const CASES = [
  ['raft, 20 s', 'raft/chaos-5', { chaosMs: 15_000 }],
  ['KV on Raft, 20 s', 'kvraft/chaos-5', { chaosMs: 18_000, operations: 1500 }],
  ['KV on seven, 200,000 events', 'kvraft/chaos-7', { chaosMs: 22_000, operations: 10_000 }],
] as const;

/** Histories of so many operations, correct and faulty, on ten keys by twenty clients. */
const HISTORIES = [
  ['history, correct', 100_000, false],
  ['history, faulty', 100_000, true],
] as const;

/** Times that a page is opened. */
const OPENINGS = 5;
/** Frames of each panning. */
const FRAMES = 90;
/** Windows in which one pans, as zoomings in by two from the whole run. */
const ZOOMS = [1, 4, 8];

interface Row {
  readonly cells: readonly string[];
}

/** A page, and how much there is on it. */
interface Made {
  readonly name: string;
  readonly count: number;
  readonly html: string;
}

async function runOf([name, scenario, set]: (typeof CASES)[number]): Promise<Made> {
  const registry = new Registry(packs);
  const target = await Target.open(registry, { scenario, overrides: { params: { ...set } } }, {});
  const report = await target.run({ from: { seed: '1' }, isTraced: true, isPictured: true });
  const html = htmlPage(name, runPage(report, registry.viewsOf(scenario)));
  return { name, count: report.result.events, html };
}

function historyOf([name, operations, faulty]: (typeof HISTORIES)[number]): Made {
  const keys = 10;
  const history: VersionedKvOperation[] = [];
  for (let key = 0; key < keys; key++) {
    const size = { operations: operations / keys + key, clients: 20, faulty: faulty && key === 7 };
    for (const operation of versionedKvHistory(size)) {
      const { clientId, input } = operation;
      const client = `c${String(clientId)} of key ${key}`;
      history.push({ ...operation, clientId: client, input: { ...input, key: `key-${key}` } });
    }
  }
  const result = checkOperations(versionedKvModel, history, { verbose: true });
  const { steps } = result;
  const page = historyPage(
    {
      file: 'history.jsonl',
      model: versionedKvModel.name,
      verdict: faulty ? 'violation' : 'pass',
      steps,
      remarks: [],
      info: linearizationInfo(versionedKvModel, history, result),
      notes: history.map((_, index) => ({ line: index + 1, more: '' })),
    },
    4000,
  );
  return { name, count: history.length, html: htmlPage(name, page) };
}

async function measure(browser: Browser, folder: string, made: Made): Promise<Row> {
  const { name, count, html } = made;
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  const opened: number[] = [];
  for (let n = 0; n < OPENINGS; n++) {
    const started = performance.now();
    const page = await openPage(browser, file);
    opened.push(performance.now() - started);
    await page.close();
  }
  const page = await openPage(browser, file);
  const rates = await panning(page);
  const memory = await memoryOf(browser);
  await page.close();
  const megabytes = (Buffer.byteLength(html) / 1e6).toFixed(2);
  const cells = [name, String(count), megabytes, (median(opened) / 1000).toFixed(2)];
  return { cells: [...cells, ...rates.map((rate) => rate.toFixed(0)), memory] };
}

/** Until it can be used: it is there, and its first picture was drawn. */
async function openPage(browser: Browser, file: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('canvas.diagram');
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
  return page;
}

/** Frames a second while somebody pans, in windows of several sizes: medians. */
async function panning(page: Page): Promise<number[]> {
  const rates: number[] = [];
  for (const zoom of ZOOMS) {
    await page.keyboard.press('0');
    for (let n = 0; n < zoom; n++) await page.keyboard.press('+');
    const gaps = await page.evaluate<number[]>(`new Promise((done) => {
      const canvas = document.querySelector('canvas.diagram');
      const gaps = [];
      let before = performance.now();
      const frame = (now) => {
        gaps.push(now - before);
        before = now;
        if (gaps.length > ${FRAMES}) return done(gaps.slice(1));
        const deltaX = gaps.length % 40 < 20 ? 12 : -12;
        canvas.dispatchEvent(new WheelEvent('wheel', { deltaX, bubbles: true, cancelable: true }));
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    })`);
    rates.push(1000 / median(gaps));
  }
  return rates;
}

/** What the largest renderer has in memory, in MB, where the system tells. */
async function memoryOf(browser: Browser): Promise<string> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /VmRSS:\s+(\d+) kB/.exec(statusOf(id))?.[1])
    .map(Number);
  const largest = Math.max(...sizes);
  return Number.isFinite(largest) ? (largest / 1024).toFixed(0) : 'unknown';
}

function statusOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/status`, 'utf8');
  } catch {
    return '';
  }
}

async function main(word: string): Promise<void> {
  const executablePath = process.env['FAULTLAB_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-bench-'));
  try {
    const head = [
      '',
      'events or operations',
      'MB',
      's to use',
      'fps whole',
      'fps 1/16',
      'fps 1/256',
      'MB memory',
    ];
    const rows: Row[] = [];
    const isWanted = ([name]: readonly [string, ...unknown[]]): boolean => name.includes(word);
    for (const each of CASES.filter(isWanted)) {
      rows.push(await measure(browser, folder, await runOf(each)));
    }
    for (const each of HISTORIES.filter(isWanted)) {
      rows.push(await measure(browser, folder, historyOf(each)));
    }
    process.stdout.write(`${formatTable([head, ...rows.map(({ cells }) => [...cells])])}\n`);
    const load = loadavg()[0]?.toFixed(1);
    process.stdout.write(`${cpus().length} cores, load ${load}, Node ${process.versions.node}\n`);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv[2] ?? '');
