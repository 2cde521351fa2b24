import type { Tester } from '../define/tester.ts';
import type { Booted, Replicas } from './replicas.ts';

/** The clients of a round work until it is over. */
export interface Stage {
  isOver: boolean;
}

export interface Troubles {
  readonly partitions: boolean;
  readonly crashes: boolean;
}

/** Clients work undisturbed before anything goes wrong, in ms. */
const QUIET_MS = 1000;
/** How long the servers are split again and again, in ms. */
const PARTITIONS_MS = 3000;
/** Time between two splits, in ms. */
const SPLIT_MS = [1000, 1200] as const;
/** Time to recover once the network has healed, and once the servers are up again, in ms. */
const RECOVERY_MS = 1000;
const DOWN_MS = 1000;
/** How long a single server is down, and all are up before the next one, in ms. */
const ONE_DOWN_MS = 300;
const ALL_UP_MS = 100;

/**
 * The course of a round: quiet; random partitions, and recovery; one server after the other
 * restarts, which clients can work through; all servers down, and recovery.
 * @param between called at the end of every phase
 */
export async function throughTroubles<P, B extends Booted>(
  t: Pick<Tester<unknown, unknown>, 'sleep' | 'world'>,
  replicas: Replicas<P, B>,
  { partitions, crashes }: Troubles,
  between: () => void,
): Promise<void> {
  await t.sleep(QUIET_MS);
  between();
  if (partitions) {
    const until = t.world.now() + PARTITIONS_MS;
    while (t.world.now() < until) await splitForAWhile(t, replicas);
    between();
    replicas.heal();
    await t.sleep(RECOVERY_MS);
    between();
  }
  if (crashes) {
    await restartInTurn(t, replicas);
    replicas.shutDown();
    await t.sleep(DOWN_MS);
    replicas.startAgain();
    await t.sleep(RECOVERY_MS);
    between();
  }
}

async function restartInTurn<P, B extends Booted>(
  t: Pick<Tester<unknown, unknown>, 'sleep'>,
  replicas: Replicas<P, B>,
): Promise<void> {
  for (const i of replicas.ids.keys()) {
    replicas.shutDown([i]);
    await t.sleep(ONE_DOWN_MS);
    replicas.startAgain();
    await t.sleep(ALL_UP_MS);
  }
}

/** Each server goes to one of two sides, by a coin. */
async function splitForAWhile<P, B extends Booted>(
  t: Pick<Tester<unknown, unknown>, 'sleep' | 'world'>,
  replicas: Replicas<P, B>,
): Promise<void> {
  const random = t.world.streams.stream('script');
  const sides: [number[], number[]] = [[], []];
  for (const i of replicas.ids.keys()) sides[random.below(2)]!.push(i);
  replicas.partition(sides);
  await t.sleep(random.between(...SPLIT_MS));
}
