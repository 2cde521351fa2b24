import { LeakError } from '../kernel/failure.ts';

/**
 * Catches node code that reaches for the clock, the randomness or the timers of the host. While
 * node code may run, the commonest of these globals are replaced by functions that throw, so that
 * the error carries the file and line of the culprit. Between yields of the step loop they are
 * back.
 */

type Globals = Record<string, unknown>;
type Callable = (...args: unknown[]) => unknown;

interface Guarded {
  /** Path from globalThis to the object, e.g. `['performance']`; [] = globalThis itself. */
  readonly holder: readonly string[];
  readonly name: string;
  /** What to use instead. */
  readonly instead: string;
}

const TIMER = 'env.sleep or env.setTimer';
const RANDOM = 'env.random';
const CLOCK = 'env.now()';
const STRONG = 'a strong reference that you let go of';
const CODE_UNITS = 'a comparison of code units';
const PLAIN = 'String() or a format of your own';
const UTC = 'its form in UTC (getUTCHours, toISOString, Date.UTC)';

/** What dates say in the time zone of the machine. */
const LOCAL_TIMES = [
  ...['getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes'],
  ...['setFullYear', 'setMonth', 'setDate', 'setHours', 'setMinutes'],
  ...['getTimezoneOffset', 'toString', 'toDateString', 'toTimeString'],
];

/** What depends on the language of the machine, apart from the following. */
const LOCALES = ['PluralRules', 'RelativeTimeFormat', 'ListFormat', 'Segmenter', 'DisplayNames'];

const GUARDED: readonly Guarded[] = [
  { holder: ['Math'], name: 'random', instead: RANDOM },
  { holder: ['performance'], name: 'now', instead: CLOCK },
  { holder: ['crypto'], name: 'getRandomValues', instead: RANDOM },
  { holder: ['crypto'], name: 'randomUUID', instead: 'env.random.token()' },
  { holder: [], name: 'setTimeout', instead: TIMER },
  { holder: [], name: 'setInterval', instead: TIMER },
  { holder: [], name: 'setImmediate', instead: TIMER },
  { holder: ['AbortSignal'], name: 'timeout', instead: TIMER },
  { holder: ['Atomics'], name: 'waitAsync', instead: 'env.channel' },
  { holder: [], name: 'fetch', instead: 'env.call' },
  { holder: [], name: 'MessageChannel', instead: 'env.channel' },
  { holder: ['process'], name: 'nextTick', instead: 'env.spawn' },
  { holder: ['process'], name: 'exit', instead: 'return' },
  { holder: ['process'], name: 'abort', instead: 'return' },
  { holder: ['process'], name: 'kill', instead: 'return' },
  { holder: ['process'], name: 'getBuiltinModule', instead: 'env' },
  { holder: ['process'], name: 'binding', instead: 'env' },
  { holder: ['process'], name: 'dlopen', instead: 'env' },
  // Before its holder, which is replaced in turn.
  { holder: ['process', 'hrtime'], name: 'bigint', instead: CLOCK },
  { holder: ['process'], name: 'hrtime', instead: CLOCK },
  { holder: ['process'], name: 'uptime', instead: CLOCK },
  { holder: ['process'], name: 'cpuUsage', instead: CLOCK },
  { holder: [], name: 'WeakRef', instead: STRONG },
  { holder: [], name: 'FinalizationRegistry', instead: STRONG },
  { holder: ['String', 'prototype'], name: 'localeCompare', instead: CODE_UNITS },
  { holder: ['Number', 'prototype'], name: 'toLocaleString', instead: PLAIN },
  { holder: ['BigInt', 'prototype'], name: 'toLocaleString', instead: PLAIN },
  { holder: ['Array', 'prototype'], name: 'toLocaleString', instead: PLAIN },
  { holder: ['String', 'prototype'], name: 'toLocaleLowerCase', instead: 'toLowerCase' },
  { holder: ['String', 'prototype'], name: 'toLocaleUpperCase', instead: 'toUpperCase' },
  { holder: ['Date', 'prototype'], name: 'toLocaleString', instead: PLAIN },
  { holder: ['Date', 'prototype'], name: 'toLocaleDateString', instead: PLAIN },
  { holder: ['Date', 'prototype'], name: 'toLocaleTimeString', instead: PLAIN },
  ...LOCAL_TIMES.map((name) => ({ holder: ['Date', 'prototype'], name, instead: UTC })),
  { holder: ['Intl'], name: 'Collator', instead: CODE_UNITS },
  { holder: ['Intl'], name: 'DateTimeFormat', instead: PLAIN },
  { holder: ['Intl'], name: 'NumberFormat', instead: PLAIN },
  ...LOCALES.map((name) => ({ holder: ['Intl'], name, instead: PLAIN })),
];

/** Node code may print. What these do with clocks and timers inside is the business of the host. */
const PRINTING = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'];

/** Replaces the guarded globals and puts them back. `blame` is called with what was touched. */
export class Guard {
  private readonly blame: (touched: string, instead: string) => Error;
  private restore: (() => void)[] = [];

  constructor(blame: (touched: string, instead: string) => Error) {
    this.blame = blame;
  }

  enter(): void {
    for (const { holder, name, instead } of GUARDED) {
      const object = resolve(holder);
      const real = object?.[name];
      if (object === undefined || typeof real !== 'function') continue;
      const touched = `${[...holder, name].join('.')}()`;
      const refuse = (): never => {
        throw this.blame(touched, instead);
      };
      // A proxy, so that `new MessageChannel()` is refused in the same words as a call.
      this.replace(object, name, new Proxy(real, { apply: refuse, construct: refuse }));
    }
    this.guardDate();
    this.allowPrinting();
  }

  leave(): void {
    for (const undo of this.restore.reverse()) undo();
    this.restore = [];
  }

  /** `new Date(0)` computes; `new Date()` and `Date.now()` look at the clock. */
  private guardDate(): void {
    const blame = (touched: string, instead: string = CLOCK): never => {
      throw this.blame(touched, instead);
    };
    const real = (globalThis as unknown as Globals)['Date'] as object;
    const guarded = new Proxy(real, {
      construct(target, args, newTarget) {
        if (args.length === 0) blame('new Date()');
        // By the parts of a local time.
        if (args.length > 1) blame('new Date(year, month)', UTC);
        return Reflect.construct(target as never, args, newTarget) as object;
      },
      apply: () => blame('Date()'),
      get: (target, name, receiver): unknown =>
        name === 'now' ? () => blame('Date.now()') : Reflect.get(target, name, receiver),
    });
    this.replace(globalThis, 'Date', guarded);
  }

  /** Printing happens outside of the guards. */
  private allowPrinting(): void {
    const printer = resolve(['console']);
    if (printer === undefined) return;
    const apply = (real: Callable, self: unknown, args: unknown[]): unknown => {
      const isOn = this.restore.length > 0;
      this.leave();
      try {
        return Reflect.apply(real, self, args);
      } finally {
        if (isOn) this.enter();
      }
    };
    for (const name of PRINTING) {
      const real = printer[name];
      if (typeof real === 'function')
        this.replace(printer, name, new Proxy(real as Callable, { apply }));
    }
  }

  private replace(object: object, name: string, value: unknown): void {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor?.configurable === false) return;
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
    this.restore.push(() => {
      if (descriptor === undefined) Reflect.deleteProperty(object, name);
      // Not if somebody has frozen the object: whoever runs others' code has to look for that.
      else Reflect.defineProperty(object, name, descriptor);
    });
  }
}

function resolve(holder: readonly string[]): Globals | undefined {
  let object: unknown = globalThis;
  for (const name of holder) object = (object as Globals | undefined)?.[name];
  return object as Globals | undefined;
}

/**
 * Do something that belongs to no world under the guards of one: loading a module, drawing a plan,
 * judging a run.
 * @throws LeakError if it looks at the clock, the randomness or the timers of the host
 */
export function guarded<T>(who: string, work: () => T): T {
  const guard = new Guard((touched, instead) => {
    return new LeakError(`${who} used ${touched}, which differs from run to run; use ${instead}`);
  });
  guard.enter();
  try {
    return work();
  } finally {
    guard.leave();
  }
}
