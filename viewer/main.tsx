/**
 * The page: it reads the data that it holds, and shows what they are of. Texts of a run become text
 * nodes, never markup.
 */
import { render } from 'preact';
import { PageError, type PageFile } from '../scenarios/report/page/page-file.ts';
import { showHistory } from './history/show-history.tsx';
import { DATA_ID, readData } from './load/read-data.ts';
import { Message } from './parts/message.tsx';
import { showRun } from './run/show-run.tsx';

const root = document.getElementById('app') ?? document.body;

async function main(): Promise<void> {
  const holder = document.getElementById(DATA_ID);
  const base64 = holder?.textContent ?? undefined;
  // Read once: it would stay in memory beside what is made of it.
  holder?.remove();
  show(await readData(base64));
}

/** @throws PageError if it is nothing that this viewer knows */
function show(file: PageFile): void {
  switch (file.kind) {
    case 'run':
      showRun(root, file);
      break;
    case 'history':
      showHistory(root, file);
      break;
    default:
      throw new PageError(
        `This page holds a "${String(file.kind)}", which its viewer cannot show.`,
      );
  }
}

main().catch((error: unknown) => {
  const isKnown = error instanceof PageError;
  const text = isKnown ? error.message : `The viewer has failed: ${String(error)}`;
  render(null, root);
  root.replaceChildren();
  render(<Message title="This page cannot be shown" text={text} />, root);
});
