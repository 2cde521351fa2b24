/**
 * The colours and sizes of all our pages, in the dark as in the light. A page follows the system
 * unless its root says `data-theme`. The eight hues are those of Okabe and Ito (2008), which people
 * of any colour vision tell apart, made lighter or darker until text in them is legible; nothing is
 * said by a hue alone.
 */
const LIGHT = `
  color-scheme: light;
  --page: #f6f7f8; --card: #ffffff; --raised: #eef1f4; --text: #1a1e23; --dim: #58616c;
  --line: #d9dee4; --grid: #e8ebef; --code: #f1f3f5; --select: #0b57d0; --select-soft: #dbe8fd;
  --good: #00694a; --bad: #b3360a; --odd: #7a5a00; --bar: #4a86b8; --good-soft: #d9f0e6;
  --bad-soft: #fde4d9; --odd-soft: #f7ecc9;
  --hue-blue: #0072b2; --hue-orange: #b86e00; --hue-green: #007a5a; --hue-vermilion: #c8480a;
  --hue-purple: #a8487f; --hue-sky: #2a8fc7; --hue-yellow: #8f7d00; --hue-grey: #6a737d;
  --shade: rgb(190 80 10 / .11); --shade-edge: rgb(179 54 10 / .55); --veil: rgb(246 247 248 / .72);
  --shadow: 0 6px 24px rgb(20 30 40 / .18);`;

const DARK = `
  color-scheme: dark;
  --page: #131619; --card: #1a1e22; --raised: #242a30; --text: #e6eaee; --dim: #9da7b1;
  --line: #343b43; --grid: #23282e; --code: #22272c; --select: #7db4ff; --select-soft: #1e3555;
  --good: #5fd0a5; --bad: #ff9a6c; --odd: #e3c158; --bar: #5b9bcc; --good-soft: #14362b;
  --bad-soft: #43230f; --odd-soft: #3a3010;
  --hue-blue: #5aaee6; --hue-orange: #f0a63a; --hue-green: #35c295; --hue-vermilion: #ff8350;
  --hue-purple: #e08fbd; --hue-sky: #86cdf5; --hue-yellow: #e8da55; --hue-grey: #97a1ab;
  --shade: rgb(255 140 70 / .13); --shade-edge: rgb(255 154 108 / .6); --veil: rgb(19 22 25 / .72);
  --shadow: 0 6px 24px rgb(0 0 0 / .5);`;

export const TOKENS: string = `
:root {${LIGHT}
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) { :root {${DARK} } }
:root[data-theme='light'] {${LIGHT} }
:root[data-theme='dark'] {${DARK} }
`;
