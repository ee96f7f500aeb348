import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { type Failure, fail } from '../model/failure.ts';
import { workspaceFileName } from './names.ts';

export interface WithoutHome {
  /** rehome.yaml without the home: every other character is as it was, comments included. */
  readonly text: string;
  /** Lines of the home in the old text, from 1, both included. */
  readonly from: number;
  readonly to: number;
}

/** Cuts a home out of the text of a rehome.yaml. `wrong-value` where it is written in a way that cannot be cut. */
export function cutHome(text: string, environment: string, home: string): WithoutHome | Failure {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const homes = document.getIn(['environments', environment, 'homes'], true);
  const span = isMap(homes) ? spanOf(text, homes, home) : undefined;
  if (!span) return byHand(environment, home);
  const cut = text.slice(0, span.begin) + text.slice(span.end);
  const wanted = document.clone();
  wanted.deleteIn(['environments', environment, 'homes', home]);
  const left = parseDocument(cut);
  const [is, ought] = [contentOf(left), contentOf(wanted)];
  if (ought === undefined || !isDeepStrictEqual(is, ought)) return byHand(environment, home);
  return { text: cut, from: lines.linePos(span.begin).line, to: lines.linePos(span.last).line };
}

/** Undefined where something in it cannot be resolved: what it refers to was cut out. */
function contentOf(document: Document): unknown {
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

interface Span {
  readonly begin: number;
  /** Of the home's own last character. */
  readonly last: number;
  readonly end: number;
}

function spanOf(text: string, homes: YAMLMap, home: string): Span | undefined {
  const spans = homes.items.map(({ key, value }) => ({
    key: isScalar(key) ? key.value : undefined,
    begin: isNode(key) ? key.range?.[0] : undefined,
    end: (isNode(value) ? value.range?.[1] : undefined) ?? (isNode(key) ? key.range?.[1] : undefined),
  }));
  const at = spans.findIndex(({ key }) => key === home);
  const [before, own, after] = [spans[at - 1], spans[at], spans[at + 1]];
  if (own?.begin === undefined || own.end === undefined) return undefined;
  const end = own.begin + text.slice(own.begin, own.end).trimEnd().length;
  if (!homes.flow) return wholeLines(text, own.begin, end);
  const last = end - 1;
  if (after?.begin !== undefined) return { begin: own.begin, last, end: after.begin };
  if (before?.end !== undefined) return { begin: before.end, last, end };
  return { begin: own.begin, last, end };
}

function wholeLines(text: string, begin: number, end: number): Span {
  const next = text.indexOf('\n', end);
  return { begin: text.lastIndexOf('\n', begin) + 1, last: end - 1, end: next < 0 ? text.length : next + 1 };
}

function byHand(environment: string, home: string): Failure {
  return fail(
    'wrong-value',
    `The home ${home} is written in ${workspaceFileName} in a way that cannot be cut out.`,
    { hint: `take it out of environments.${environment}.homes by hand` },
  );
}
