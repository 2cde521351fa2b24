import type { Distribution } from '../distribution.ts';
import { html, type Markup } from './document.ts';

const BARS = 24;
const [WIDTH, HEIGHT] = [240, 60];

/** How often which values of a figure were seen, as a chart with its least, median and largest. */
export function histogram(name: string, distribution: Distribution): Markup {
  const values = distribution.sorted();
  const least = values[0]?.[0] ?? 0;
  const largest = values.at(-1)?.[0] ?? 0;
  const bars = barsOf(values, least, largest);
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const width = WIDTH / Math.max(1, bars.length);
  const median = distribution.median();
  const told = `${name}: ${least} to ${largest}, median ${median}`;
  return html`<figure>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${told}"
    >
      <line x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" />
      ${bars.map(({ count, from, to }, i) => {
        const height = count === 0 ? 0 : Math.max(1, (count / highest) * (HEIGHT - 4));
        const box = { x: i * width + 0.5, y: HEIGHT - height, width: width - 1, height };
        const range = from === to ? `${from}` : `${from} to ${to}`;
        return html`<rect
          x="${short(box.x)}"
          y="${short(box.y)}"
          width="${short(box.width)}"
          height="${short(box.height)}"
          ><title>${range}: ${count} seeds</title></rect
        > `;
      })}
    </svg>
    <figcaption><b>${name}</b> ${least} .. ${largest}, median ${median}</figcaption>
  </figure> `;
}

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** One bar a whole number where there are few, else of as many numbers each. */
function barsOf(values: readonly [number, number][], least: number, largest: number): Bar[] {
  const step = Math.max(1, Math.ceil((largest - least + 1) / BARS));
  const length = Math.floor((largest - least) / step) + 1;
  const counts = Array.from({ length }, () => 0);
  for (const [value, count] of values) {
    const i = Math.floor((value - least) / step);
    counts[i] = (counts[i] ?? 0) + count;
  }
  return counts.map((count, i) => {
    const from = least + i * step;
    return { from, to: Math.min(largest, from + step - 1), count };
  });
}

function short(value: number): string {
  return value.toFixed(1);
}
