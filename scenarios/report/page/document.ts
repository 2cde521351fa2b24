import { escaped } from '../xml.ts';
import { STYLE } from './style.ts';

/** Markup: made of texts by {@link html} only, so that what a run says is never taken for it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

/** A template whose texts are escaped; markup stays as it is, nothing is left out for undefined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, i) => text + markupOf(parts[i])).join(''));
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return escaped(String(part));
}

/** A page that needs nothing beside itself, and runs no script. */
export function htmlDocument(title: string, body: Markup): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `;
  return page.text;
}
