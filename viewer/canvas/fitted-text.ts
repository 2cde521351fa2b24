/** A text, cut where the room ends; nothing where there is none. */
export function fittedText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  if (room < 12) return;
  // Most letters are wider than this: what cannot fit is not measured, nor what fits in any case.
  let shown = text.slice(0, Math.floor(room / 2.5));
  const isCut = shown.length < text.length;
  if (isCut || shown.length * 8 > room) {
    const wanted = context.measureText(shown).width;
    if (isCut || wanted > room) {
      const share = Math.max(0, room - 9) / Math.max(1, wanted);
      shown = `${shown.slice(0, Math.floor(shown.length * Math.min(1, share)))}…`;
      if (shown.length < 3) return;
    }
  }
  context.fillText(shown, x, y);
}
