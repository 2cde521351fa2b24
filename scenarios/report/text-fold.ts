/** What would upset a terminal or a column: control and format characters, halves of pairs. */
const ODD = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Takes two columns on a terminal: East Asian scripts, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{3ffff}]/u;

/** Lines after the first begin with this. */
const INDENT = '  ';
const MORE = '...';

function escaped(hex: string): string {
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** Text as it can stand on one line; a shell knows the same escapes. */
export function clean(text: string): string {
  return text.replace(ODD, (odd) =>
    odd === '\n' ? '\\n' : escaped(odd.codePointAt(0)!.toString(16)),
  );
}

/** Text of several lines with nothing in it that would steer a terminal. */
export function visible(text: string): string {
  return text.split('\n').map(clean).join('\n');
}

/** Columns that a clean text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += WIDE.test(letter) ? 2 : 1;
  return width;
}

/** Fill up to a number of columns. */
export function padded(text: string, width: number, filler: string = ' '): string {
  return text + filler.repeat(Math.max(0, width - widthOf(text)));
}

/** The longest beginning of a clean text that fits into a number of columns. */
export function cut(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const letter of text) {
    used += WIDE.test(letter) ? 2 : 1;
    if (used > width) return text.slice(0, end);
    end += letter.length;
  }
  return text;
}

/**
 * Where to break a text whose beginning `head` fits: between two words, unless that leaves the line
 * half empty for a word that does not fit into the next one either.
 */
function breakOf(text: string, head: string, nextRoom: number): number {
  if (text[head.length] === ' ') return head.length;
  const gap = head.lastIndexOf(' ');
  const [word = ''] = text.slice(gap + 1, gap + 2 + nextRoom).split(' ', 1);
  return gap > 0 && (gap > head.length / 2 || widthOf(word) <= nextRoom) ? gap : head.length;
}

/**
 * Break a text into lines of at most `width` columns (from 8), between words where that is not too
 * early.
 * @param maxLines what does not fit into so many ends in `...`. Default: no limit
 */
export function fold(text: string, width: number, maxLines: number = Infinity): string[] {
  const lines: string[] = [];
  let rest = clean(text).trimEnd();
  do {
    const indent = lines.length === 0 ? '' : INDENT;
    const room = width - indent.length;
    const head = cut(rest, room);
    if (head.length === rest.length) {
      lines.push(indent + rest);
      break;
    }
    if (lines.length + 1 >= maxLines) {
      lines.push(indent + cut(rest, room - MORE.length) + MORE);
      break;
    }
    const end = breakOf(rest, head, width - INDENT.length);
    lines.push(indent + rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  } while (rest !== '');
  return lines;
}
