import type { Files } from '../../mapreduce/index.ts';
import { pack, type Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

type Recorder = Pick<Tester<unknown, unknown>, 'count' | 'probe' | 'record'>;

/** What stands for the content of an output in a history. */
export function fingerprintOf(content: string): string {
  return `${content.length}:${(pack(content).hash >>> 0).toString(16)}`;
}

/**
 * Files whose commits of outputs are recorded: each output is a register that is written once. What
 * is written under the name of an output without a commit is no write of it; whoever reads it finds
 * something that nobody wrote.
 * @param outputs their names
 */
export function recordedFiles(
  t: Recorder,
  env: Env,
  files: Files,
  outputs: ReadonlySet<string>,
): Files {
  const written = new Map<string, string>();
  return {
    read: (name) => files.read(name),
    async write(name, content) {
      if (!outputs.has(name)) written.set(name, fingerprintOf(content));
      await files.write(name, content);
    },
    async commit(from, to) {
      if (!outputs.has(to)) return await files.commit(from, to);
      const value = written.get(from) ?? 'nothing';
      const isFirst = await t.record(
        env,
        { op: 'write', key: to, value },
        () => files.commit(from, to),
        (ok) => ({ ok }),
      );
      t.count(isFirst ? 'outputs' : 'outputs refused');
      if (!isFirst) t.probe('an output was refused');
      return isFirst;
    },
  };
}

/** Read an output, and record what was seen of it. */
export async function readOutput(
  t: Recorder,
  client: { readonly id: string },
  files: Files,
  name: string,
): Promise<void> {
  await t.record(
    client,
    { op: 'read', key: name },
    () => files.read(name),
    (content) => ({ value: content === undefined ? null : fingerprintOf(content) }),
  );
}
