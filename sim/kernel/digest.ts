import { avalanche } from '../random/bits.ts';

/**
 * The digest of a run: 64 bits, folded over every event. Two runs with equal digests did the same;
 * it is always on, so it must cost a few nanoseconds: two 32-bit lanes of multiply and rotate.
 */
export class Digest {
  private a: number = 0x9e3779b9 | 0;
  private b: number = 0x85ebca6b | 0;

  /** Fold one 32-bit integer. */
  mix(word: number): void {
    // Neither lane waits for the other: that is what makes it fast.
    const a = Math.imul(this.a ^ word, 0xcc9e2d51);
    this.a = (a << 15) | (a >>> 17);
    const b = Math.imul((this.b + word) | 0, 0x1b873593);
    this.b = (b << 13) | (b >>> 19);
  }

  /** Fold an event. The kind shares a word with the high half of the time, which is below 2^21. */
  event(at: number, kind: number, owner: number, label: number, payload: number): void {
    this.mix(at | 0);
    this.mix((at < 0x100000000 ? 0 : ((at / 0x100000000) | 0) << 4) | kind);
    this.mix(owner);
    this.mix(Math.imul(label, 0x9e3779b1) ^ payload);
  }

  /** 16 hexadecimal digits. Does not end the digest: more can be folded afterwards. */
  hex(): string {
    const x = avalanche(this.a ^ (this.b >>> 16));
    const y = avalanche(this.b ^ x);
    return hex8(x) + hex8(y);
  }
}

/** A 32-bit hash of a string, for names that are folded often and hashed once. */
export function hashString(text: string): number {
  let h = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return avalanche(h);
}

function hex8(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
