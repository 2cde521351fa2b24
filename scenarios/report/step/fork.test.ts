import { expect, test } from 'vitest';
import type { MessageOverride, OverrideFate, TraceRecord } from '../../../sim/index.ts';
import { kvChaos } from '../../lab2-kv/kv-chaos.ts';
import { makePlan } from '../../runner/make-plan.ts';
import { forkedPlan, messagesOf, type Change } from './fork.ts';

const put = { link: 'c>s', type: 'put', n: 2 } as const;
const other: MessageOverride = { link: 'c>s', type: 'put', n: 3, fate: 'drop' };
const record: TraceRecord = {
  event: 1,
  cause: 0,
  timeUs: 0,
  kind: 'send',
  from: 'c',
  to: 's',
  label: 'put',
  n: 2,
};

/** The overrides of a plan in which a message, whose fate was this, is changed. */
function overrides(
  change: Change,
  fate: OverrideFate,
  planned: readonly MessageOverride[] = [],
): readonly MessageOverride[] {
  const plan = { ...makePlan(kvChaos, '1'), overrides: planned };
  return forkedPlan(plan, record, change, [other, { ...put, fate }]).overrides;
}

test.each<[Change, OverrideFate, OverrideFate]>([
  [{ kind: 'drop' }, { delayUs: 300 }, 'drop'],
  [{ kind: 'delay', byUs: 50 }, { delayUs: 300 }, { delayUs: 350 }],
  [
    { kind: 'delay', byUs: 50 },
    { delayUs: 300, and: 'duplicate' },
    { delayUs: 350, and: 'duplicate' },
  ],
  [{ kind: 'deliver' }, { delayUs: 300, and: 'drop' }, { delayUs: 300 }],
])('%j of a message with the fate %j', (change, fate, expected) => {
  expect(overrides(change, fate)).toEqual([{ ...put, fate: expected }]);
});

test('what the plan decides of this message gives way, and of no other', () => {
  const planned = [{ ...put, fate: 'duplicate' }, other] as const;
  expect(overrides({ kind: 'drop' }, { delayUs: 1 }, planned)).toEqual([
    other,
    { ...put, fate: 'drop' },
  ]);
});

test('an event is about each message once, and about none without a number', () => {
  const lost: TraceRecord = { ...record, kind: 'lost' };
  const { n: _n, ...failed } = record;
  expect(messagesOf([record, lost, failed, { ...record, n: 3 }])).toEqual([
    record,
    { ...record, n: 3 },
  ]);
});
