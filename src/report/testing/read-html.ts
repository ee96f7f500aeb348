const empty = ['meta', 'link', 'br', 'img', 'input', 'hr', '!doctype'];
const tag = /<(\/?)([a-z!][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/giy;

/** Why a page is not well-formed, in the strict sense of XML but for void elements; undefined where it is. */
export function well(page: string): string | undefined {
  const open: string[] = [];
  for (let at = 0; at < page.length; ) {
    const next = page.indexOf('<', at);
    const text = page.slice(at, next < 0 ? undefined : next);
    if (!rawText(open) && /&(?!(?:amp|lt|gt|quot|#39);)|>/.test(text))
      return `in the text ${text.slice(0, 80)}`;
    if (next < 0) break;
    tag.lastIndex = next;
    const match = tag.exec(page);
    if (!match) return `at ${page.slice(next, next + 80)}`;
    const problem = step(open, match);
    if (problem) return problem;
    at = tag.lastIndex;
  }
  return open.length === 0 ? undefined : `${open.join(', ')} left open`;
}

/** The insides of every element of a name. */
export function elementsOf(page: string, name: string): readonly string[] {
  return [...page.matchAll(new RegExp(`<${name}(?: [^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

/** What a person reads, without markup. */
export function textOf(page: string): string {
  return unescaped(page.replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '').replaceAll(/<[^>]*>/g, ''));
}

/** Of the summary: over all homes, or of the home at a place in its table. */
export function numberIn(page: string, key: string, home?: number): number {
  const attribute = `data-number="${key}"`;
  const all = [...page.matchAll(new RegExp(`<(td|strong) ${attribute}[^>]*>([^<]*)<`, 'g'))];
  const found = all.filter((match) => (match[1] === 'td') === (home !== undefined))[home ?? 0];
  return Number((found?.[2] ?? 'nothing').replaceAll(',', ''));
}

/** Cells of the first table within an element with an id. */
export function rowsOf(page: string, id: string): readonly (readonly string[])[] {
  const [body = ''] = elementsOf(page.slice(page.indexOf(`id="${id}"`)), 'tbody');
  return elementsOf(body, 'tr').map((row) =>
    [...row.matchAll(/<(t[dh])[^>]*>([\s\S]*?)<\/\1>/g)].map((match) => textOf(match[2] ?? '')),
  );
}

function step(open: string[], match: RegExpExecArray): string | undefined {
  const [, slash, name = '', attributes = '', closed] = match;
  const names = attributes.replaceAll(/"[^"]*"/g, '').match(/[a-z-]+/gi) ?? [];
  if (new Set(names).size < names.length) return `${match[0]}: an attribute twice`;
  if (slash) {
    const last = open.pop();
    return last === name ? undefined : `</${name}> closes ${last}`;
  }
  if (!closed && !empty.includes(name.toLowerCase())) open.push(name);
  return undefined;
}

function rawText(open: readonly string[]): boolean {
  return ['style', 'script'].includes(open.at(-1) ?? '');
}

function unescaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '');
}
