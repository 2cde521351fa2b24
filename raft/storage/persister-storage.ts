import type { Persister } from '../contract.ts';
import { readRecords, writeRecord } from './record.ts';
import { recordOf, replayRecords, type Storage, wholeRecord } from './storage.ts';

/** Name of the persister's state in errors. */
const FILE = 'raft state';

/** Storage on the persister of the labs: synchronous, atomic, durable. */
export function persisterStorage(persister: Persister): Storage {
  return {
    recover() {
      const records = readRecords(FILE, persister.readState());
      return replayRecords(FILE, records, persister.readSnapshot());
    },

    persist(changes, whole, done) {
      const { snapshot } = changes;
      if (snapshot === undefined) persister.append(writeRecord(recordOf(changes)));
      else persister.save(writeRecord(wholeRecord(whole())), snapshot);
      done();
    },
  };
}
