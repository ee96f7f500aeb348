/** Markup that is safe as it stands; only `html` and `trusted` make it. */
export interface Markup {
  readonly kind: 'Markup';
  readonly text: string;
}

/** What may stand in a template: text is escaped, nothing is left out. */
export type Piece = string | number | Markup | undefined | readonly Piece[];

/** A template whose pieces are escaped: whatever the name of an app is, it stays a name. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const parts = strings.map((string, index) => string + textOf(pieces[index]));
  return trusted(parts.join(''));
}

/** For what is written in this house: styles, scripts, paths of a chart. */
export function trusted(text: string): Markup {
  return { kind: 'Markup', text };
}

/** Text for an element or a quoted attribute. What no document may hold, or what turns its direction, is replaced. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

function textOf(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return escaped(piece);
  return isMarkup(piece) ? piece.text : piece.map(textOf).join('');
}

function isMarkup(piece: Markup | readonly Piece[]): piece is Markup {
  return 'kind' in piece;
}
