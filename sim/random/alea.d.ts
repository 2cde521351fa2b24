/**
 * The part of seedrandom that Faultlab uses. The package's main file requires `crypto` and calls
 * Math.random when it is loaded; this one does neither.
 */
declare module 'seedrandom/lib/alea.js' {
  export interface Alea {
    /** Uniform in -2^31 .. 2^31 - 1. */
    int32(): number;
  }
  export default function alea(seed: string): Alea;
}
