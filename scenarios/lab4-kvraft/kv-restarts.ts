import type { Scenario } from '../define/scenario.ts';
import { scriptedScenario } from './kv-scripted.ts';

const ROUNDS = 3;
/** Long enough for all to be applied everywhere, in ms. */
const QUIET_MS = 500;

/**
 * What is asked first after all servers have restarted. Whoever is elected has all in its log, and
 * has applied nothing yet.
 */
export const kvRestarts: Scenario = scriptedScenario({
  name: 'kvraft/first-after-restart',
  description: 'the first get and the first put after a restart see all that was answered before',
  servers: 3,
  maxRaftState: -1,
  async script({ t, replicas, addClient }) {
    const client = addClient('c0');
    for (let round = 0; round < ROUNDS; round++) {
      const value = `${round}`;
      await client.putAtLeastOnce('x', value);
      await client.putAtLeastOnce('y', value);
      await t.sleep(QUIET_MS);
      replicas.shutDown();
      replicas.startAgain();
      await client.check('x', value);

      await t.sleep(QUIET_MS);
      replicas.shutDown();
      replicas.startAgain();
      const outcome = await client.put('y', `${value}, again`);
      t.expect(
        'a put at the present version is not refused',
        !/ErrVersion|ErrNoKey/.test(outcome),
        () => {
          return `nobody else puts, and the first put after a restart answered "${outcome}"`;
        },
      );
    }
  },
});
