import type { CallHandler, Env, Peer } from '../sim/index.ts';

/** A file system that all workers see. */
export interface Files {
  /** Undefined = there is no such file. */
  read(name: string): Promise<string | undefined>;
  /** Write a file, durably, over whatever has that name. */
  write(name: string, content: string): Promise<void>;
  /**
   * Give a file its final name, unless there is one of that name already: then it is removed.
   * Atomic and durable. @returns whether it got the name
   */
  commit(from: string, to: string): Promise<boolean>;
}

/** One disk that all workers share, as in the lab. */
export function sharedFiles({ disk }: Pick<Env, 'disk'>): Files {
  return {
    read: (name) => Promise.resolve(textOf(disk.read(name))),
    async write(name, content) {
      disk.write(name, content);
      await disk.fsync(name);
    },
    // In one step, so that nobody comes in between, and durable at once: whoever has seen the file
    // must not miss it again because the machine that named it has crashed.
    commit: (from, to) => Promise.resolve(commitOn(disk, from, to)),
  };
}

/** A machine whose disk is the file system: its handlers. Stands for GFS, of which it is one. */
export function fileServer({ disk }: Pick<Env, 'disk'>): Readonly<Record<string, CallHandler>> {
  return {
    read: ({ name }: { name: string }) => ({ content: textOf(disk.read(name)) }),
    write({ name, content }: { name: string; content: string }) {
      disk.save(name, content);
      return {};
    },
    commit({ from, to }: { from: string; to: string }) {
      return { isFirst: commitOn(disk, from, to) };
    },
  };
}

/** Pause before a file server is asked again, in ms. */
const RETRY_MS = 50;

/**
 * The files of such a machine, over the network. Each request is sent until it is answered. All of
 * them may be carried out twice: a commit whose answer was lost finds its file in place, and says
 * so, since nobody else can have put it there.
 */
export function remoteFiles(env: Env, server: Peer): Files {
  const ask = async (method: string, args: object): Promise<unknown> => {
    for (;;) {
      const reply = await server.call(method, args);
      if (reply !== undefined) return reply;
      await env.sleep(RETRY_MS);
    }
  };
  return {
    async read(name) {
      return ((await ask('read', { name })) as { content?: string }).content;
    },
    async write(name, content) {
      await ask('write', { name, content });
    },
    async commit(from, to) {
      return ((await ask('commit', { from, to })) as { isFirst: boolean }).isFirst;
    },
  };
}

function commitOn(disk: Env['disk'], from: string, to: string): boolean {
  const content = disk.read(from);
  if (content !== undefined && !disk.exists(to)) {
    disk.save(ownerOf(to), from);
    disk.save(to, content);
  }
  disk.remove(from);
  // Perhaps an earlier copy of this very request has done it.
  return disk.exists(to) && disk.read(ownerOf(to)) === from;
}

/** File that says which file got a name. */
function ownerOf(name: string): string {
  return `${name}.from`;
}

function textOf(content: string | Uint8Array | undefined): string | undefined {
  return content === undefined ? undefined : String(content);
}
