/** Names that rehome.yaml may use in braces: `anna-repo/{app}:{version}`. */
const placeholderNames = ['app', 'version', 'env', 'stage'] as const;
type PlaceholderName = (typeof placeholderNames)[number];
export type Placeholders = Readonly<Record<PlaceholderName, string>>;

/** `{word}`, but not the shell's `${WORD}`; `{{word}}` stands for a literal `{word}`. */
const pattern = /(\$?)\{(\{?)([A-Za-z_][A-Za-z0-9_]*)\}(\}?)/g;

/** Puts the values in. Unknown names stay as they are; see `unknownPlaceholders`. */
export function fillPlaceholders(text: string, values: Placeholders): string {
  return text.replace(pattern, (whole, dollar: string, open: string, name: string, close: string) => {
    if (dollar) return whole;
    if (open && close) return `{${name}}`;
    return isPlaceholder(name) ? `${open}${values[name]}${close}` : whole;
  });
}

/** Names in braces that are no placeholders, in their order. */
export function unknownPlaceholders(text: string): string[] {
  const unknown: string[] = [];
  for (const [, dollar, open, name = '', close] of text.matchAll(pattern)) {
    if (!dollar && !(open && close) && !isPlaceholder(name)) unknown.push(name);
  }
  return unknown;
}

function isPlaceholder(name: string): name is PlaceholderName {
  return (placeholderNames as readonly string[]).includes(name);
}
