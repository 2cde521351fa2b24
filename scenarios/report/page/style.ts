import { TOKENS } from './tokens.ts';

/**
 * How a page of sweeps looks, in the dark as in the light. Verdicts differ in words and marks, not
 * in colour alone.
 */
export const STYLE: string = `${TOKENS}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--page);
  color: var(--text); font: 15px/1.5 var(--sans);
}
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
p { margin: .4rem 0; }
a { color: var(--good); }
.dim { color: var(--dim); font-weight: 400; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.odd { color: var(--odd); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem 1.75rem .3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 500; white-space: nowrap; }
td.n, th.n { text-align: right; white-space: nowrap; }
code, pre { font: 13px/1.45 var(--mono); }
pre {
  background: var(--code); padding: .6rem .8rem; border-radius: 6px; overflow-x: auto;
  margin: .4rem 0; white-space: pre-wrap; overflow-wrap: anywhere;
}
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: .25rem 1rem .75rem; margin: .75rem 0;
}
.card.bad-edge { border-left: 4px solid var(--bad); }
.charts {
  display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
}
figure { margin: 0; }
figcaption { font-size: 13px; color: var(--dim); }
figcaption b { color: var(--text); font-weight: 600; }
svg { display: block; width: 100%; height: 4rem; }
svg rect { fill: var(--bar); }
svg line { stroke: var(--line); }
.row-culprit { color: var(--bad); font-weight: 600; }
`;
