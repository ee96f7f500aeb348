// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const escapes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controls = /[\u0000-\u001f\u007f-\u009f]/g;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const zeroWidth = /\p{Mn}|\p{Me}|[\u200b-\u200f]|\ufe0f/u;

/** Columns that a text takes on a terminal; colours take none. */
export function textWidth(text: string): number {
  let columns = 0;
  for (const character of text.replaceAll(escapes, '')) columns += characterWidth(character);
  return columns;
}

/** Cuts a text to so many columns, with … where something is cut off. Colours are kept and closed. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let left = Math.max(0, columns - 1);
  let result = '';
  for (const piece of text.split(new RegExp(`(${escapes.source})`, 'g'))) {
    if (piece.startsWith('\u001b')) {
      result += piece;
      continue;
    }
    for (const character of piece) {
      left -= characterWidth(character);
      if (left < 0) return `${result}…${text.includes('\u001b[') ? '\u001b[0m' : ''}`;
      result += character;
    }
  }
  return result;
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

export function padLeft(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - textWidth(text))) + text;
}

/** A line of somebody else's output without what could move the cursor or change colours. */
export function harmless(text: string): string {
  return text.replaceAll(escapes, '').replaceAll('\t', '    ').replaceAll(controls, '');
}

/** Breaks text at spaces into lines of at most so many columns; paragraphs stay apart. */
export function wrap(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ')) {
      const last = lines.at(-1) ?? '';
      const longer = last === '' ? word : `${last} ${word}`;
      if (last !== '' && textWidth(longer) > columns) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  });
}

function characterWidth(character: string): number {
  if (zeroWidth.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
