import { parse, tokenize } from '@huggingface/jinja';
import { inspect } from './inspect.ts';

/** A text with {{ expressions }}, parsed. */
export interface Template {
  readonly text: string;
  readonly parts: readonly Part[];
  /** The text is one expression and nothing else: it keeps the type of its value. */
  readonly whole: boolean;
  /** Variables that it uses. */
  readonly names: readonly string[];
  /** Without calls and filters its work is bounded by its length: no thread needs to guard it. */
  readonly bounded: boolean;
}

type Part = { readonly text: string } | { readonly expression: Expression };

/** A node of the parser's syntax tree. */
export interface Expression {
  readonly type: string;
  readonly value?: unknown;
}

/** Why a text is no template. */
export interface Problem {
  readonly code: 'jinja-syntax' | 'too-large';
  readonly message: string;
  readonly hint?: string;
}

/** The parser is quadratic in places; an expression in a manifest has some tens of characters. */
const longest = 4_096;

export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Parses a text for which `hasTemplate` holds. */
export function parseTemplate(text: string): Template | Problem {
  if (text.length > longest) {
    return {
      code: 'too-large',
      message: `A text with expressions may have ${longest} characters, this one has ${text.length}.`,
    };
  }
  try {
    return build(text);
  } catch (error) {
    // The parser throws for every syntax error, a TypeError where the text ends too early among them.
    return { code: 'jinja-syntax', message: `The expression cannot be read: ${reason(error)}.` };
  }
}

export function isProblem(value: Template | Problem): value is Problem {
  return 'code' in value;
}

function build(text: string): Template | Problem {
  const tokens: Token[] = tokenize(text);
  const kinds = tokens.map((token) => token.type).filter((kind) => openers.has(kind));
  const foreign = kinds.find((kind) => kind === 'OpenStatement' || kind === 'Comment');
  if (foreign) return statementRefused(foreign);
  const { body }: { body: readonly Expression[] } = parse(tokens);
  const parts = body.map(
    (node, index): Part => (kinds[index] === 'Text' ? literal(node) : { expression: node }),
  );
  const found = inspect(body);
  return {
    text,
    parts,
    whole: kinds.length === 1 && kinds[0] === 'OpenExpression',
    names: found.names,
    bounded: found.bounded,
  };
}

interface Token {
  value: string;
  readonly type: string;
}

const openers: ReadonlySet<string> = new Set(['Text', 'OpenExpression', 'OpenStatement', 'Comment']);

function literal(node: Expression): Part {
  return { text: String(node.value) };
}

function statementRefused(kind: string): Problem {
  const what = kind === 'Comment' ? 'comments {# … #}' : 'statements {% … %}';
  return {
    code: 'jinja-syntax',
    message: `Manifests may hold expressions {{ … }}, but no ${what}.`,
    hint:
      kind === 'Comment'
        ? "use a YAML comment; a literal {# is written {{ '{#' }}"
        : "choose a value inside an expression: {{ 'a' if k8s else 'b' }}",
  };
}

function reason(error: unknown): string {
  const message = error instanceof SyntaxError || error instanceof Error ? error.message : String(error);
  if (error instanceof TypeError || /Unexpected end of input/.test(message)) {
    return 'it ends before it is closed with }}';
  }
  if (error instanceof RangeError) return 'it is nested too deeply';
  return message
    .replace(/^Parser Error: /, '')
    .replace(/\. (\w+) !== (\w+)\.?$/, ' but found $1')
    .replace(/Unexpected token: CloseExpression/, 'a value is missing before }}')
    .replace('Expected closing expression token', 'expected }} or an operator');
}
