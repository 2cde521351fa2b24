/** A text, cut where the room ends; nothing where there is none. */
export function fittedText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  if (room < 12) return;
  // No letter is narrower: what cannot fit is not measured.
  const most = Math.floor(room / 2.5);
  let shown = text.slice(0, most);
  const isCut = shown.length < text.length;
  const wanted = context.measureText(shown).width;
  if (isCut || wanted > room) {
    const share = Math.max(0, room - 9) / Math.max(1, wanted);
    shown = `${shown.slice(0, Math.floor(shown.length * Math.min(1, share)))}…`;
    if (shown.length < 3) return;
  }
  context.fillText(shown, x, y);
}
