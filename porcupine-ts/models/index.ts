import type { AnyModel } from '../model.ts';
import { appendModel } from './append.ts';
import { casRegisterModel } from './cas-register.ts';
import { lockModel } from './lock.ts';
import { registerModel } from './register.ts';
import { versionedKvLabModel } from './versioned-kv-lab.ts';
import { versionedKvModel } from './versioned-kv.ts';

/** The models that come with the checker, by name; the default is `versioned-kv`. */
export const models: Readonly<Record<string, AnyModel>> = Object.fromEntries(
  [
    versionedKvModel,
    versionedKvLabModel,
    lockModel,
    registerModel,
    casRegisterModel,
    appendModel,
  ].map((model): [string, AnyModel] => [model.name, model]),
);
