import type { Env } from '../../sim/index.ts';
import type { Persister } from '../contract.ts';
import { DamagedState, seal, unseal } from './record.ts';

const FOLDER = 'raft/';
const BASE = `${FOLDER}state`;

/** What the base file holds: everything up to the first of the additions that count. */
interface Base {
  readonly state: string;
  readonly snapshot?: string;
  /** Number of the first addition that came after it; older ones are left-overs. */
  readonly first: number;
}

/**
 * The persister of the labs on a node's disk. `save` writes one file, so that state and snapshot
 * change together; every addition is a file of its own, so that it costs what is added.
 *
 * @throws DamagedState if a file does not hold what was written
 */
export function diskPersister({ disk }: Env): Persister {
  const additions = disk
    .list()
    .filter((file) => file.startsWith(FOLDER) && file !== BASE)
    .map((file) => Number(file.slice(FOLDER.length)))
    .filter(Number.isInteger)
    .toSorted((a, b) => a - b);
  let base = readBase(disk.read(BASE));
  const current = additions.filter((number) => number >= base.first);
  let next = base.first + current.length;
  // A crash may have come before all the left-overs were removed.
  let oldest = additions[0] ?? base.first;
  const parts = current.map((number, place) => {
    const file = FOLDER + number;
    if (number !== base.first + place) throw new DamagedState(file, 'the one before it is missing');
    return readSealed(file, disk.read(file));
  });
  let state = [base.state, ...parts];
  let size = state.reduce((sum, part) => sum + part.length, 0);

  return {
    save(text, snapshot) {
      base = { state: text, ...(snapshot === undefined ? {} : { snapshot }), first: next };
      disk.save(BASE, seal(JSON.stringify(base)));
      state = [text];
      size = text.length;
      for (; oldest < next; oldest++) {
        if (disk.exists(FOLDER + oldest)) disk.remove(FOLDER + oldest);
      }
    },
    append(text) {
      disk.save(FOLDER + next, seal(text));
      next++;
      state.push(text);
      size += text.length;
    },
    readState: () => state.join(''),
    readSnapshot: () => base.snapshot,
    stateSize: () => size,
  };
}

function readBase(content: unknown): Base {
  if (content === undefined) return { state: '', first: 0 };
  return JSON.parse(readSealed(BASE, content)) as Base;
}

function readSealed(file: string, content: unknown): string {
  const text = unseal(String(content));
  if (text === undefined) throw new DamagedState(file, 'it does not match its checksum');
  return text;
}
