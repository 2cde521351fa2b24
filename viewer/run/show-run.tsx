import { render } from 'preact';
import type { PageFile } from '../../scenarios/report/page/page-file.ts';
import { RunData } from '../model/run-data.ts';

/** @throws PageError if the page is damaged */
export function showRun(root: Element, file: PageFile): void {
  const data = new RunData(file);
  root.replaceChildren();
  const { scenario, seed, verdict } = data.about.result;
  render(
    <main class="message">
      <h1>
        {verdict} {scenario} seed {seed}
      </h1>
    </main>,
    root,
  );
}
