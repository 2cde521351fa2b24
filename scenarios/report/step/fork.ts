import type { MessageOverride, OverrideFate, TraceRecord } from '../../../sim/index.ts';
import type { Plan } from '../../define/plan.ts';
import { StepError } from './step-error.ts';

/** What is to become of a message in a fork. */
export type Change =
  | { readonly kind: 'drop' }
  /** It is so much longer on its way, in µs. */
  | { readonly kind: 'delay'; readonly byUs: number }
  /** It arrives, once, after the time that it would have taken. */
  | { readonly kind: 'deliver' };

type Message = Pick<MessageOverride, 'link' | 'type' | 'n'>;

/** The messages that an event is about: the one that it brings, and those that it sends. */
export function messagesOf(records: readonly TraceRecord[]): TraceRecord[] {
  const told = new Set<string>();
  return records.filter((record) => {
    const message = messageAs(record);
    const name = message === undefined ? undefined : nameOf(message);
    if (name === undefined || told.has(name)) return false;
    told.add(name);
    return true;
  });
}

/**
 * The plan of a run with one message faring otherwise.
 * @param fates what became of the messages of that run
 */
export function forkedPlan(
  plan: Plan,
  record: TraceRecord,
  change: Change,
  fates: readonly MessageOverride[],
): Plan {
  const message = messageAs(record);
  if (message === undefined) throw new StepError('there is no message in this event');
  const isIt = (other: Message): boolean => nameOf(other) === nameOf(message);
  const fate = fates.find(isIt)?.fate;
  const others = plan.overrides.filter((override) => !isIt(override));
  return { ...plan, overrides: [...others, { ...message, fate: changed(fate, change) }] };
}

function changed(fate: OverrideFate | undefined, change: Change): OverrideFate {
  if (change.kind === 'drop') return 'drop';
  if (fate === undefined || typeof fate === 'string') {
    throw new StepError('nothing is known of the way of this message');
  }
  // A message that arrives twice still does: nothing but the time is to change.
  const { delayUs, and } = fate;
  if (change.kind === 'deliver') return { delayUs };
  const later = { delayUs: delayUs + change.byUs };
  return and === undefined ? later : { ...later, and };
}

function messageAs({ from, to, label, n }: TraceRecord): Message | undefined {
  if (from === undefined || to === undefined || n === undefined) return undefined;
  return { link: `${from}>${to}`, type: label, n };
}

function nameOf({ link, type, n }: Message): string {
  return `${link} ${type} ${n}`;
}
