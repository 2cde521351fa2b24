import pc from 'picocolors';
import { describeFault, type FaultAction, type MessageOverride } from '../../sim/index.ts';
import type { Plan } from '../define/plan.ts';
import type { PlanSize } from '../shrink/plan-size.ts';
import type { Shrunk } from '../shrink/shrink-plan.ts';
import { toJson } from './json.ts';

/** Most lines for any one list: a plan that is still long is read in its file. */
const MOST_LINES = 20;

const ROWS: readonly (readonly [name: string, count: keyof PlanSize])[] = [
  ['fault actions', 'faults'],
  ['clients', 'clients'],
  ['intents', 'intents'],
  ['overrides', 'overrides'],
  ['events', 'events'],
];

/** What a shrinker made of a plan: counts before and after, and all that is left. */
export function shrunkBlock({ plan, before, after, ...shrunk }: Shrunk, maxRuns: number): string {
  const lines = [
    `shrunk  ${plan.scenario}  seed ${plan.seed}  ${pc.bold(shrunk.signature)}`,
    pc.dim(`${''.padEnd(16)}${'before'.padStart(7)}${'after'.padStart(7)}`),
    ...ROWS.map(([name, count]) => {
      const [had, has] = [before[count], after[count]].map((n) => String(n).padStart(7));
      return `  ${name.padEnd(14)}${had}${has}`;
    }),
    `  ${shrunk.runs} runs, of at most ${maxRuns}; profile ${plan.profile}, ties ${plan.ties}`,
    ...listed('fault actions', plan.faults.map(faultLine)),
    ...listed('what clients do', plan.clients.flatMap(clientLines)),
    ...listed('overrides', plan.overrides.map(overrideLine)),
  ];
  return lines.join('\n');
}

/** `crash1  405-509 ms  crash server`. */
export function faultLine(action: FaultAction): string {
  const { id, atMs, untilMs } = action;
  const time = untilMs === undefined ? `from ${atMs}` : `${atMs}-${untilMs}`;
  return `${id.padEnd(12)}  ${time} ms  ${describeFault(action)}`;
}

function clientLines({ id, settings, intents }: Plan['clients'][number]): string[] {
  const own = Object.keys(settings).length === 0 ? [] : [`${id.padEnd(12)}  ${toJson(settings)}`];
  return [...own, ...intents.map((intent) => `${id.padEnd(12)}  ${toJson(intent)}`)];
}

/** `c0>server  put #3  lost`. */
function overrideLine({ link, type, n, fate }: MessageOverride): string {
  const { delayUs, and } = typeof fate === 'string' ? { delayUs: undefined, and: fate } : fate;
  const after = delayUs === undefined ? [] : [`after ${delayUs / 1000} ms`];
  const what = and === 'drop' ? ['lost'] : and === 'duplicate' ? ['twice'] : [];
  return `${link.padEnd(12)}  ${type} #${n}  ${[...what, ...after].join(' ')}`;
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES).map((line) => `  ${line}`);
  return [pc.dim(title), ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}
