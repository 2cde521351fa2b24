import {
  wordCount,
  type Application,
  type KeyValue,
  type MakeApplication,
  type TaskKind,
} from '../../mapreduce/index.ts';
import type { Env } from '../../sim/index.ts';

/** Told when a task of a test's application runs. */
type See = (worker: string, parallel: number) => void;

/** How long the tasks of the parallelism tests take, in ms. */
const SECOND = 1000;

/**
 * How many workers run a task of this kind at the moment, this one among them, as the lab finds
 * out: each leaves a file while it is at it.
 */
async function countPeers(env: Env, kind: TaskKind): Promise<number> {
  const { id, disk } = env;
  const prefix = `peer-${kind}-`;
  disk.write(prefix + id, '');
  const peers = disk.list().filter((name) => name.startsWith(prefix)).length;
  await env.sleep(SECOND);
  disk.remove(prefix + id);
  return peers;
}

/** Maps take a second each, and see who else is at it. */
export function parallelMaps(see: See): MakeApplication {
  return (env) => ({
    async map(file) {
      see(env.id, await countPeers(env, 'map'));
      return [{ key: file, value: '1' }];
    },
    reduce: (_key, values) => String(values.length),
  });
}

const TEN_KEYS: readonly KeyValue[] = 'abcdefghij'.split('').map((key) => ({ key, value: '1' }));

/** The same of reduces: ten keys. */
export function parallelReduces(see: See): MakeApplication {
  return (env) => ({
    map: () => TEN_KEYS,
    async reduce(_key, values) {
      see(env.id, await countPeers(env, 'reduce'));
      return String(values.length);
    },
  });
}

/** Maps take 2 to 5 s, and are counted. */
export function countedMaps(see: () => void): MakeApplication {
  return (env) => ({
    async map() {
      see();
      await env.sleep(env.random.between(2000, 5000));
      return [{ key: 'a', value: 'x' }];
    },
    reduce: (_key, values) => String(values.length),
  });
}

/** Two words that {@link slowWords} takes its time for. */
export const SLOW_WORDS = ['sherlock', 'tom'] as const;

/** Word count, in which some keys take 3 s to reduce. */
export const slowWords: MakeApplication = (env) => ({
  map: (file, content) => wordCount.map(file, content),
  async reduce(key, values) {
    if (SLOW_WORDS.some((word) => key.includes(word))) await env.sleep(3000);
    return await wordCount.reduce(key, values);
  },
});

/**
 * A few facts about each file, and for each of them all files. As in the course each key is in a
 * reduce task of its own: two that may die in one task would often outlast the 120 s.
 */
export const facts: Application = {
  map: (file, content) => [
    { key: 'file', value: file },
    { key: 'length', value: String(content.length) },
    { key: 'lines', value: String(content.split('\n').length) },
    { key: 'seen', value: 'yes' },
  ],
  reduce: (_key, values) => values.toSorted().join(' '),
};

/** Each call of the same dies in a third of the cases, and in another third takes up to 10 s. */
export function crashing(die: (worker: string) => void): MakeApplication {
  return (env) => {
    const mayCrash = async (): Promise<void> => {
      const draw = env.random.below(1000);
      if (draw < 330) {
        die(env.id);
        // It does not come back from this.
        await env.sleep(1);
      } else if (draw < 660) await env.sleep(env.random.between(0, 10_000));
    };
    return {
      async map(file, content) {
        await mayCrash();
        return await facts.map(file, content);
      },
      async reduce(key, values) {
        await mayCrash();
        return await facts.reduce(key, values);
      },
    };
  };
}
