/** One word is a shell line already; several are quoted so that a shell takes them as they are. */
export function shellLine(words: readonly string[]): string {
  const [only = '', ...more] = words;
  return more.length === 0 ? only : words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
