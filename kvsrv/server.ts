import type { Content, Env } from '../sim/index.ts';
import type { KvServer, MakeKvServer } from './contract.ts';
import { serverRules, type Entry, type ServerRules } from './server-rules.ts';

/** How the server reaches its disk. */
export interface ServerPorts {
  /** Make an entry durable before anybody can observe it. */
  persist(env: Env, key: string, entry: Entry): void;
  /** All entries that are durable. */
  recover(env: Env): Map<string, Entry>;
}

/** A file a key, so that a put costs one small write whatever the number of keys. */
export const serverPorts: ServerPorts = {
  persist(env, key, entry) {
    env.disk.save(fileOf(key), JSON.stringify(entry));
  },
  recover(env) {
    const files = env.disk.list().filter((file) => file.startsWith(PREFIX));
    return new Map(files.map((file) => [keyOf(file), parseEntry(file, env.disk.read(file))]));
  },
};

const PREFIX = 'kv/';
const fileOf = (key: string): string => PREFIX + key;
const keyOf = (file: string): string => file.slice(PREFIX.length);

/**
 * The versioned key/value server of lab 2, with a disk: it recovers all entries when it starts. It
 * keeps nothing per client. Handlers run in one piece, so a put's test and write are atomic.
 */
export function kvServer(rules: ServerRules, ports: ServerPorts): MakeKvServer {
  return (env): KvServer => {
    const entries = ports.recover(env);
    return {
      handlers: {
        get: ({ key }) => rules.answerGet(entries.get(key)),
        put: (args) => {
          const entry = entries.get(args.key);
          const err = rules.judgePut(entry, args);
          if (err !== 'OK') return { err };
          const next = rules.written(entry, args);
          ports.persist(env, args.key, next);
          entries.set(args.key, next);
          return { err };
        },
      },
    };
  };
}

export const makeKvServer: MakeKvServer = kvServer(serverRules, serverPorts);

function parseEntry(file: string, content: Content | undefined): Entry {
  const entry = JSON.parse(String(content)) as Entry;
  if (typeof entry.value !== 'string' || typeof entry.version !== 'number') {
    throw new Error(`damaged file ${file}: expected {value, version}`);
  }
  return entry;
}
