import {
  diskStorage,
  persisterStorage,
  seal,
  type RaftLayers,
  type StateDisk,
} from '../../raft/index.ts';
import { type Content, DiskError } from '../../sim/index.ts';
import { type Entry, withPort } from './lab3-parts.ts';

/** Storage on the disk of the server, some of whose calls are others. */
const withDisk = (change: (disk: StateDisk) => Partial<StateDisk>): Partial<RaftLayers> =>
  withPort({
    storageOnDisk: ({ disk }) => {
      const right: StateDisk = {
        list: () => disk.list(),
        exists: (file) => disk.exists(file),
        read: (file) => disk.read(file),
        write: (file, content) => disk.write(file, content),
        rename: (from, to) => disk.rename(from, to),
        remove: (file) => disk.remove(file),
        flush: (file, done) => disk.flush(file, done),
      };
      return diskStorage({ ...right, ...change(right) });
    },
  });

/** What may go wrong between a server and its disk, when it keeps its state there by itself. */
export const disks: readonly Entry[] = [
  {
    id: 'R61',
    title: 'Written is taken for durable',
    seam: 'port',
    guarantee: 'what others can observe is durable',
    class: 'safety',
    lesson:
      'A write returns when the system has the data, and a crash may still take it away. ' +
      'Whoever answers before the fsync is over has promised what it may not find again.',
    scenarios: ['raft/chaos-disk-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) => {
        storage.persist(changes, whole, nothing);
        done();
      },
    }),
  },
  {
    id: 'R63',
    title: 'A file is given its name before its data is synced',
    seam: 'port',
    guarantee: 'a file is there whole, or not at all',
    class: 'safety',
    lesson:
      'Directories are journalled and data is not: the rename may survive a crash that the ' +
      'data does not. First sync the file, then rename it, then sync the name.',
    scenarios: ['raft/chaos-disk-5'],
    layers: withDisk((disk) => {
      let isUnnamed = false;
      return {
        write: (file, content) => {
          disk.write(file, content);
          isUnnamed = true;
        },
        flush: (file, done) => {
          if (!isUnnamed) return disk.flush(file, done);
          isUnnamed = false;
          done(undefined);
        },
      };
    }),
  },
  {
    id: 'R65',
    title: 'The name of a new file is not synced',
    seam: 'port',
    guarantee: 'what others can observe is durable',
    class: 'safety',
    lesson:
      'The data of a file is on the disk, and its directory does not know. A file that was ' +
      'created or renamed is durable when its name is.',
    scenarios: ['raft/chaos-disk-5'],
    layers: withDisk((disk) => {
      let isNamed = false;
      return {
        rename: (from, to) => {
          disk.rename(from, to);
          isNamed = true;
        },
        flush: (file, done) => {
          if (!isNamed) return disk.flush(file, done);
          isNamed = false;
          done(undefined);
        },
      };
    }),
  },
  {
    id: 'R67',
    title: 'The state is written in place',
    seam: 'port',
    guarantee: 'a crash leaves the old state or the new one',
    class: 'safety',
    lesson:
      'Writing begins by truncating: a crash leaves half of the new state, and nothing of the ' +
      'old one. The new state needs a name of its own until it is whole.',
    scenarios: ['raft/chaos-disk-5'],
    layers: withDisk((disk) => {
      let content: Content = '';
      let isHeld = false;
      return {
        write: (_file, held) => {
          content = held;
          isHeld = true;
        },
        rename: (_from, to) => disk.write(to, content),
        flush: (file, done) => {
          if (!isHeld) return disk.flush(file, done);
          isHeld = false;
          done(undefined);
        },
      };
    }),
  },
  {
    id: 'R71',
    title: 'Nobody looks at the checksums',
    seam: 'port',
    guarantee: 'a damaged state is never believed',
    class: 'safety',
    lesson:
      'A wrong bit mostly leaves something that can still be read: another term, another vote, ' +
      'another command. Of what a disk gives back only a checksum tells whether it was written so.',
    scenarios: ['raft/everything-5'],
    layers: withDisk((disk) => ({ read: (file) => believed(file, disk.read(file)) })),
  },
  {
    id: 'R73',
    title: 'A failed fsync is taken for done',
    seam: 'port',
    guarantee: 'what others can observe is durable',
    class: 'safety',
    lesson:
      'An fsync that fails has not written, and the next one may not try again what this one has ' +
      'dropped. There is nothing to go on with: the process has to end, and to read what is there.',
    scenarios: ['raft/everything-5'],
    layers: withDisk((disk) => ({
      flush: (file, done) => disk.flush(file, () => done(undefined)),
    })),
  },
  {
    id: 'R75',
    title: 'A write that fails is passed over',
    seam: 'port',
    guarantee: 'what others can observe is durable',
    class: 'safety',
    lesson:
      'The disk said no: it is full, or broken. Whoever logs that and goes on has promised what ' +
      'is in no file.',
    scenarios: ['raft/everything-5'],
    layers: withPort({
      storage: (persister) =>
        persisterStorage({
          ...persister,
          save: (state, snapshot) => passedOver(() => persister.save(state, snapshot)),
          append: (text) => passedOver(() => persister.append(text)),
        }),
    }),
  },
  {
    id: 'R77',
    title: 'What was written is looked up in the cache',
    seam: 'port',
    guarantee: 'a damaged state is never believed',
    class: 'safety',
    lesson:
      'A disk that keeps the old state, or puts the new one elsewhere, leaves a whole state from ' +
      'before, with a checksum that fits. Only reading back what the disk holds, and not what ' +
      'memory does, tells, and only as long as what the new state replaces is still there.',
    scenarios: ['raft/stale-disk'],
    layers: withDisk((disk) => {
      let unnamed: Content = '';
      const cache = new Map<string, Content>();
      return {
        read: (file) => cache.get(file) ?? disk.read(file),
        write: (file, content) => {
          disk.write(file, content);
          unnamed = content;
        },
        rename: (from, to) => {
          disk.rename(from, to);
          cache.set(to, unnamed);
        },
        remove: (file) => {
          disk.remove(file);
          cache.delete(file);
        },
      };
    }),
  },
];

function passedOver(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

/** What a file holds with checksums that fit it, if it can be read without them at all. */
function believed<C>(file: string, content: C): C | string {
  if (typeof content !== 'string') return content;
  try {
    const text = unsealed(content);
    if (!file.endsWith('/state')) return seal(refitted(text), file);
    const base = JSON.parse(text) as { readonly state?: unknown; readonly first?: unknown };
    if (typeof base.state !== 'string' || typeof base.first !== 'number') return content;
    return seal(JSON.stringify({ ...base, state: refitted(base.state) }), file);
  } catch {
    return content;
  }
}

/** The records of a state, one a line, each with a checksum that fits. */
function refitted(state: string): string {
  return state.replace(/.+/g, (line) => seal(JSON.stringify(JSON.parse(unsealed(line)))));
}

function unsealed(text: string): string {
  return text.replace(/^\S* /, '');
}

function nothing(): void {}
