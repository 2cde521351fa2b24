/**
 * Thrown by env calls of an incarnation that has crashed, to unwind synchronous code that was
 * running when it died. One frozen instance: a crash is no error and needs no stack. Node code must
 * not catch it; if it does, its next env call throws it again.
 */
export class CrashSignal {
  static readonly instance: CrashSignal = new CrashSignal();
  readonly message = 'this incarnation has crashed';
}
