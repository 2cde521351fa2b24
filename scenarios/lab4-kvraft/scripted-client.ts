import type { KvClerk, ReplicatedKvLayers, Version } from '../../kvsrv/index.ts';
import type { Tester } from '../define/tester.ts';
import { addRecordedClerk } from './cluster.ts';

/** A client without a plan of its own: a script tells it what to do, call by call. */
export class ScriptedClient {
  private readonly t: Tester<unknown, ReplicatedKvLayers>;
  private readonly id: string;
  private clerk: KvClerk | undefined = undefined;
  /** Versions of keys, as this client last saw them. */
  private readonly versions = new Map<string, Version>();

  /** @param servers ids of all servers */
  constructor(t: Tester<unknown, ReplicatedKvLayers>, id: string, servers: readonly string[]) {
    this.t = t;
    this.id = id;
    t.addNode(id, (env) => {
      this.clerk = addRecordedClerk(t, env, servers);
    });
  }

  /** The value of a key. */
  async get(key: string): Promise<string> {
    const reply = await this.call((clerk) => clerk.get(key));
    this.versions.set(key, reply.version);
    return reply.value;
  }

  /** Put at the version last seen. @returns what the clerk says */
  async put(key: string, value: string): Promise<string> {
    const version = this.versions.get(key) ?? 0;
    const outcome = await this.call((clerk) => clerk.put(key, value, version));
    if (outcome === 'OK') this.versions.set(key, version + 1);
    return outcome;
  }

  /** Put, at whatever version it takes, until the value is there. */
  async putAtLeastOnce(key: string, value: string): Promise<void> {
    while ((await this.put(key, value)) !== 'OK') {
      if ((await this.get(key)) === value) return;
    }
  }

  /** A key holds a value. */
  async check(key: string, value: string): Promise<void> {
    const got = await this.get(key);
    this.t.expect('a get answers what was put', got === value, () => {
      return `${this.id} put "${value}" to "${key}", and get answered "${got}"`;
    });
  }

  private async call<T>(work: (clerk: KvClerk) => Promise<T>): Promise<T> {
    const answer = await this.t.ask<T>(this.id, (done) => void work(this.clerk!).then(done));
    // Nobody crashes it.
    return answer!;
  }
}
