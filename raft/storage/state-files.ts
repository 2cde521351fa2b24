import { DamagedState, seal, unseal } from './record.ts';

const FOLDER = 'raft/';

/** Name of the file with the whole state, as it was written last. */
export const BASE: string = `${FOLDER}state`;

/** Name of the file that a new one is before it is whole. */
export const UNFINISHED: string = `${FOLDER}unfinished`;

/** What the base file holds: everything up to the first of the additions that count. */
export interface Base {
  readonly state: string;
  readonly snapshot?: string;
  /** Number of the first addition that came after it; older ones are left-overs. */
  readonly first: number;
}

/** What a server has left on its disk, each addition a file of its own. */
interface StateFiles {
  readonly base: Base;
  /** The additions since, in their order. */
  readonly additions: readonly string[];
  /** Number of the oldest addition that is still there: left-overs are older than the base. */
  readonly oldest: number;
}

/** The part of a node's disk that it takes to read them. */
interface ReadableDisk {
  list(): readonly string[];
  read(file: string): unknown;
}

/**
 * Read the files of a server. Those that are not finished were never promised to anybody.
 * @throws DamagedState if a file does not hold what was written, or one is missing
 */
export function readStateFiles(disk: ReadableDisk): StateFiles {
  const numbers = disk
    .list()
    .filter((file) => file.startsWith(FOLDER) && file !== BASE)
    .map((file) => Number(file.slice(FOLDER.length)))
    .filter(Number.isInteger)
    .toSorted((a, b) => a - b);
  const base = readBase(disk.read(BASE));
  const current = numbers.filter((number) => number >= base.first);
  const additions = current.map((number, place) => {
    const file = fileOf(number);
    if (number !== base.first + place) throw new DamagedState(file, 'the one before it is missing');
    return readSealed(file, disk.read(file));
  });
  // A crash may have come before all the left-overs were removed.
  return { base, additions, oldest: numbers[0] ?? base.first };
}

/**
 * Length of the state that is on a disk, in bytes of ASCII, the snapshot left out.
 * @throws DamagedState if a file does not hold what was written, or one is missing
 */
export function stateSizeOn(disk: ReadableDisk): number {
  const { base, additions } = readStateFiles(disk);
  return additions.reduce((sum, text) => sum + text.length, base.state.length);
}

/**
 * The snapshot on a disk, as it is there: whether it is sound is for the server to judge. Undefined
 * = there is none, or nothing that could be taken for one.
 */
export function snapshotOn(disk: Pick<ReadableDisk, 'read'>): string | undefined {
  const content = disk.read(BASE);
  if (content === undefined) return undefined;
  try {
    const { snapshot } = JSON.parse(String(content).replace(/^\S* /, '')) as Partial<Base>;
    return snapshot;
  } catch {
    return undefined;
  }
}

/**
 * See that a file has been written where it belongs, before what it stands for is thrown away: a
 * disk that has kept the old content, or put the new one elsewhere, shows it now or never.
 * @throws DamagedState if it does not hold that
 */
export function readBack(disk: Pick<ReadableDisk, 'read'>, file: string, content: string): void {
  if (disk.read(file) === content) return;
  throw new DamagedState(file, 'it does not hold what has just been written');
}

/** Name of the file of an addition. */
export function fileOf(addition: number): string {
  return FOLDER + addition;
}

/** Content of the base file. */
export function baseContent(base: Base): string {
  return seal(JSON.stringify(base), BASE);
}

/** Content of the file of an addition. */
export function additionContent(addition: number, text: string): string {
  return seal(text, fileOf(addition));
}

function readBase(content: unknown): Base {
  if (content === undefined) return { state: '', first: 0 };
  return JSON.parse(readSealed(BASE, content)) as Base;
}

function readSealed(file: string, content: unknown): string {
  const text = unseal(String(content), file);
  if (text === undefined) throw new DamagedState(file, 'it does not match its checksum');
  return text;
}
