import { type Refusal, refuse } from '../refusal.ts';

type Labels = Readonly<Record<string, string>>;
type Selector = (labels: Labels) => boolean;

/**
 * Reads `?label=`: `a==b`, `a!=b`, `a`, `a in (x, y)`, `a notin (x, y)`, joined by commas that mean "and". A
 * term is made of letters, digits, `-`, `_` and `.`; anything else is escaped with a backslash.
 */
export function labelSelector(text: string): Selector | Refusal {
  const selectors: Selector[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = pattern.exec(rest);
    const selector = found?.groups && toSelector(found.groups);
    if (!found || !selector) return cannotParse(text, rest);
    selectors.push(selector);
    rest = rest.slice(found[0].length);
  }
  return (labels) => selectors.every((selector) => selector(labels));
}

const term = String.raw`(?:\\.|[-A-Za-z0-9_.])+`;
const pattern = new RegExp(
  String.raw`^\s*(?<key>${term})\s*(?:(?<equality>==|!=)\s*(?<value>${term})|\s(?<set>in|notin)\s*\((?<list>(?:\s*${term}\s*,?)*)\))?\s*(?:,\s*|$)`,
);

function toSelector(groups: Record<string, string | undefined>): Selector | undefined {
  const key = plain(groups['key'] ?? '');
  const has: Selector = (labels) => Object.hasOwn(labels, key);
  const values = groups['set'] ? terms(groups['list'] ?? '') : [plain(groups['value'] ?? '')];
  const among: Selector = (labels) => values.includes(labels[key] ?? '');
  const how = groups['equality'] ?? groups['set'];
  if (how === undefined) return has;
  if (how === '==' || how === 'in') return (labels) => has(labels) && among(labels);
  return (labels) => has(labels) && !among(labels);
}

function terms(list: string): readonly string[] {
  return (list.match(new RegExp(term, 'g')) ?? []).map(plain);
}

function plain(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function cannotParse(text: string, rest: string): Refusal {
  return refuse(422, `Can not parse label selector ${text}. Reason: unexpected '${rest}'`);
}
