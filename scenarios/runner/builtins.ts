/**
 * What the language gives to everybody who runs in one thread: nodes, scenario and simulator alike.
 * Code under test that changes it changes all of them, and what it breaks then fails anywhere.
 */

/** Found on globalThis, with their prototypes. */
const SHARED: readonly string[] = [
  ...['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'RegExp'],
  ...['Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'ArrayBuffer', 'Uint8Array', 'DataView'],
  ...['Error', 'TypeError', 'RangeError', 'Date', 'Math', 'JSON', 'Reflect', 'Proxy'],
];

/** Meant to be set by whoever looks at stacks. */
const FREE: readonly PropertyKey[] = ['stackTraceLimit', 'prepareStackTrace'];

interface Holder {
  /** As one would write it: `Array.prototype`. */
  readonly path: string;
  readonly object: object;
  /** Not so under `node --frozen-intrinsics`. */
  readonly isOpen: boolean;
  readonly keys: readonly PropertyKey[];
  /** What each key holds: its value, or its getter. */
  readonly held: readonly unknown[];
  readonly properties: readonly PropertyDescriptor[];
}

// Taken before anybody's code runs; nothing below may use what that code could have changed.
const { ownKeys, getOwnPropertyDescriptor, defineProperty, isExtensible } = Reflect;
const { is } = Object;
const text = String;

/** A change of what everybody shares. */
export interface BuiltinChange {
  /** `Array.prototype.push`, or the object that takes no changes any more. */
  readonly path: string;
  readonly isFrozen: boolean;
}

/** The builtins as they were when this was made. */
export class Builtins {
  private readonly holders: readonly Holder[];
  private readonly globals: readonly PropertyKey[];
  private readonly realm: object;

  /** @param realm a global object */
  constructor(realm: object = globalThis) {
    this.realm = realm;
    this.globals = ownKeys(realm);
    const own = realm as Readonly<Record<string, object>>;
    this.holders = SHARED.flatMap((name) => {
      const object = own[name]!;
      const prototype = (object as { prototype?: object }).prototype;
      const itself = holderOf(name, object);
      return prototype === undefined
        ? [itself]
        : [itself, holderOf(`${name}.prototype`, prototype)];
    });
  }

  /** The first change since then. Properties that are new are none. */
  change(): BuiltinChange | undefined {
    for (let i = 0; i < this.holders.length; i++) {
      const { path, object, isOpen, keys, held } = this.holders[i]!;
      if (isOpen && !isExtensible(object)) return { path, isFrozen: true };
      for (let k = 0; k < keys.length; k++) {
        if (is(heldBy(object, keys[k]!), held[k])) continue;
        return { path: `${path}.${text(keys[k])}`, isFrozen: false };
      }
    }
    return undefined;
  }

  /** Names on the global object that were not there. */
  newGlobals(): readonly string[] {
    return ownKeys(this.realm)
      .filter((key) => !this.globals.includes(key))
      .map(text);
  }

  /** Put back what was changed, as far as it is not frozen. */
  restore(): void {
    for (let i = 0; i < this.holders.length; i++) {
      const { object, keys, held, properties } = this.holders[i]!;
      for (let k = 0; k < keys.length; k++) {
        if (is(heldBy(object, keys[k]!), held[k])) continue;
        defineProperty(object, keys[k]!, properties[k]!);
      }
    }
  }
}

let taken: Builtins | undefined;

/** Those of this thread, as they were when this was first asked: before anybody's code was run. */
export function builtins(): Builtins {
  taken ??= new Builtins();
  return taken;
}

function holderOf(path: string, object: object): Holder {
  const keys = ownKeys(object).filter((key) => !FREE.includes(key));
  const properties = keys.map((key) => getOwnPropertyDescriptor(object, key)!);
  const held = keys.map((key) => heldBy(object, key));
  return { path, object, isOpen: isExtensible(object), keys, properties, held };
}

function heldBy(object: object, key: PropertyKey): unknown {
  const property = getOwnPropertyDescriptor(object, key);
  return property === undefined ? undefined : (property.get ?? property.value);
}
