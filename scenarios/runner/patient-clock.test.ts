import { expect, test } from 'vitest';
import { LISTEN_MS, PatientClock } from './patient-clock.ts';

test('counts all time that is looked at often enough', () => {
  const clock = new PatientClock(1000);
  for (let i = 1; i < 40; i++) clock.at(1000 + i * LISTEN_MS);
  expect(clock.at(1000 + 40 * LISTEN_MS)).toBe(40 * LISTEN_MS);
});

test('counts little of what went by while its own thread had no turn', () => {
  const clock = new PatientClock(0);
  expect(clock.at(60_000)).toBe(2 * LISTEN_MS);
  expect(clock.at(60_000 + LISTEN_MS)).toBe(3 * LISTEN_MS);
});
