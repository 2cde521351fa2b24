import type { Env } from '../../sim/index.ts';
import type { Persister } from '../contract.ts';
import {
  additionContent,
  BASE,
  baseContent,
  fileOf,
  readBack,
  readStateFiles,
} from './state-files.ts';

/**
 * The persister of the labs on a node's disk. `save` writes one file, so that state and snapshot
 * change together; every addition is a file of its own, so that it costs what is added.
 *
 * @throws DamagedState if a file does not hold what was written
 */
export function diskPersister({ disk }: Env): Persister {
  const files = readStateFiles(disk);
  let { base, oldest } = files;
  let next = base.first + files.additions.length;
  let state = [base.state, ...files.additions];
  let size = state.reduce((sum, part) => sum + part.length, 0);

  return {
    save(text, snapshot) {
      base = { state: text, ...(snapshot === undefined ? {} : { snapshot }), first: next };
      const content = baseContent(base);
      disk.save(BASE, content);
      readBack(disk, BASE, content);
      state = [text];
      size = text.length;
      for (; oldest < next; oldest++) {
        if (disk.exists(fileOf(oldest))) disk.remove(fileOf(oldest));
      }
    },
    append(text) {
      disk.save(fileOf(next), additionContent(next, text));
      next++;
      state.push(text);
      size += text.length;
    },
    readState: () => state.join(''),
    readSnapshot: () => base.snapshot,
    stateSize: () => size,
  };
}
