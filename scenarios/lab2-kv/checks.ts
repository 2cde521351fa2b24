import { lockModel, openMaybe, versionedKvModel } from '../../porcupine-ts/index.ts';
import { linearizable } from '../checks/linearizable.ts';
import type { Check } from '../define/check.ts';
import { canGiveUp } from './patience.ts';

/**
 * Values, versions and errors of all gets and puts are those of a single versioned map. The
 * official tests compare only values of gets, and let a check pass that runs out of time; this one
 * does neither.
 */
export const kvIsLinearizable: Check = linearizable(versionedKvModel, {
  name: 'linearizable',
  description: 'all answers are those of one versioned map, each at one instant of its call',
  // The model's ErrMaybe was answered by the server, after a retransmission: it acted, or met
  // another version, before the clerk returned. That reading finds most, but does not hold for a
  // clerk that gave up (perhaps nothing ever arrived), nor where the network delivered requests
  // late.
  reading({ counters, plan }) {
    const isOpen = counters.late > 0 || plan.clients.some(canGiveUp);
    return (operation) => (isOpen ? (openMaybe([operation])[0] ?? operation) : operation);
  },
});

/** Between acquire and release nobody else holds the lock. */
export const lockIsExclusive: Check = linearizable(lockModel, {
  name: 'mutual exclusion',
  description: 'the history of acquires and releases is that of one lock per name',
});
