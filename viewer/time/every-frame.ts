/** A page that was hidden goes on where it was: no frame takes longer than this, in seconds. */
const LONGEST = 0.1;

/** Calls before each frame, with the seconds since the last one, for as long as it answers true. */
export function everyFrame(go: (seconds: number) => boolean): void {
  let before: number | undefined;
  const frame = (now: number): void => {
    const seconds = before === undefined ? 0 : Math.min(LONGEST, (now - before) / 1000);
    before = now;
    if (go(seconds)) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
