import type { AnyModel } from '../model.ts';
import { appendListModel } from './append-list.ts';
import { appendModel } from './append.ts';
import { casRegisterModel } from './cas-register.ts';
import { counterModel } from './counter.ts';
import { lockModel } from './lock.ts';
import { logModel } from './log.ts';
import { queueModel } from './queue.ts';
import { registerModel } from './register.ts';
import { setModel } from './set.ts';
import { versionedKvLabModel } from './versioned-kv-lab.ts';
import { versionedKvModel } from './versioned-kv.ts';
import { writeOnceRegisterModel } from './write-once-register.ts';

/** The models that come with the checker, by name; the default is `versioned-kv`. */
export const models: Readonly<Record<string, AnyModel>> = Object.fromEntries(
  [
    versionedKvModel,
    versionedKvLabModel,
    lockModel,
    registerModel,
    casRegisterModel,
    writeOnceRegisterModel,
    appendModel,
    appendListModel,
    logModel,
    setModel,
    queueModel,
    counterModel,
  ].map((model): [string, AnyModel] => [model.name, model]),
);
