/**
 * Catches node code that reaches for the clock, the randomness or the timers of the host. While node
 * code may run, the commonest of these globals are replaced by functions that throw, so that the
 * error carries the file and line of the culprit. Between yields of the step loop they are back.
 */

type Globals = Record<string, unknown>;

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

const GUARDED: readonly Guarded[] = [
  { holder: ['Math'], name: 'random', instead: RANDOM },
  { holder: ['performance'], name: 'now', instead: CLOCK },
  { holder: ['crypto'], name: 'getRandomValues', instead: RANDOM },
  { holder: ['crypto'], name: 'randomUUID', instead: 'env.random.token()' },
  { holder: [], name: 'setTimeout', instead: TIMER },
  { holder: [], name: 'setInterval', instead: TIMER },
  { holder: [], name: 'setImmediate', instead: TIMER },
  { holder: [], name: 'fetch', instead: 'env.call' },
  { holder: [], name: 'MessageChannel', instead: 'env.channel' },
  { holder: ['process'], name: 'nextTick', instead: 'env.spawn' },
  { holder: ['process'], name: 'hrtime', instead: CLOCK },
];

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
      if (object === undefined || typeof object[name] !== 'function') continue;
      const touched = [...holder, name].join('.');
      this.replace(object, name, () => {
        throw this.blame(`${touched}()`, instead);
      });
    }
    this.guardDate();
  }

  leave(): void {
    for (const undo of this.restore.reverse()) undo();
    this.restore = [];
  }

  /** `new Date(0)` computes, `new Date()` and `Date.now()` look at the clock. */
  private guardDate(): void {
    const blame = (touched: string): never => {
      throw this.blame(touched, CLOCK);
    };
    const real = (globalThis as unknown as Globals)['Date'] as object;
    const guarded = new Proxy(real, {
      construct: (target, args, newTarget) =>
        args.length === 0
          ? blame('new Date()')
          : (Reflect.construct(target as never, args, newTarget) as object),
      apply: () => blame('Date()'),
      get: (target, name, receiver): unknown =>
        name === 'now' ? () => blame('Date.now()') : Reflect.get(target, name, receiver),
    });
    this.replace(globalThis as unknown as Globals, 'Date', guarded);
  }

  private replace(object: object, name: string, value: unknown): void {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor?.configurable === false) return;
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
    this.restore.push(() => {
      if (descriptor === undefined) Reflect.deleteProperty(object, name);
      else Object.defineProperty(object, name, descriptor);
    });
  }
}

function resolve(holder: readonly string[]): Globals | undefined {
  let object: unknown = globalThis;
  for (const name of holder) object = (object as Globals | undefined)?.[name];
  return object as Globals | undefined;
}
