import type { CourseFigure } from '../define/pack.ts';

/**
 * The run that the course shows with lab 2, of its own solution in 2025. The tests that came in
 * 2026 have none; the memory test had 100,000 clerks then.
 */
export const courseFigures: Readonly<Record<string, CourseFigure>> = {
  TestReliablePut: { seconds: 0, calls: 5 },
  TestPutConcurrentReliable: { seconds: 3.1, calls: 106_647 },
  TestMemPutManyClientsReliable2025: { seconds: 8, calls: 100_000 },
  TestUnreliableNet: { seconds: 7.6, calls: 251 },
  TestOneClientReliable: { seconds: 2, calls: 968 },
  TestManyClientsReliable: { seconds: 2.1, calls: 10_789 },
  TestOneClientUnreliable: { seconds: 2.3, calls: 70 },
  TestManyClientsUnreliable: { seconds: 3.6, calls: 908 },
};
