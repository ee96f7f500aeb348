import { Environment, Interpreter } from '@huggingface/jinja';
import type { Expression, Template } from './template.ts';

export type Variables = Readonly<Record<string, string | boolean>>;

export type Evaluated = { readonly value: unknown } | { readonly error: string };

/** Words of Jinja that are always known. */
export const constants = { true: true, false: false, none: null, True: true, False: false, None: null };

const largest = 65_536;

/** One message for time and space: which of them ends first depends on the machine. */
export const tooMuch = 'it takes longer than 100 ms, or grows too large';

/** Evaluates a template. A value that is wholly one expression keeps its type; anything else is a text. */
export function evaluate(template: Template, variables: Variables): Evaluated {
  try {
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...constants, ...variables })) environment.set(name, value);
    const interpreter = new Interpreter(environment);
    const run = (expression: Expression): unknown => toPlain(interpreter.evaluate(expression, environment));
    const value = template.whole ? runWhole(template, run) : runParts(template, run);
    return JSON.stringify(value).length > largest
      ? { error: `it gives more than ${largest} characters` }
      : { value };
  } catch (error) {
    return { error: reason(error) };
  }
}

function runWhole(template: Template, run: (expression: Expression) => unknown): unknown {
  const [part] = template.parts;
  return part && 'expression' in part ? run(part.expression) : template.text;
}

function runParts(template: Template, run: (expression: Expression) => unknown): string {
  return template.parts.map((part) => ('text' in part ? part.text : toText(run(part.expression)))).join('');
}

/** As Jinja writes values into a text: Python's spelling. */
function toText(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The interpreter's boxed value as plain data; throws where there is none. */
function toPlain(boxed: Boxed): unknown {
  switch (boxed.type) {
    case 'StringValue':
    case 'BooleanValue':
      return boxed.value;
    case 'IntegerValue':
    case 'FloatValue':
      if (!Number.isFinite(boxed.value)) throw new Error('it is not a finite number; a division by zero?');
      return boxed.value;
    case 'NullValue':
      return null;
    case 'ArrayValue':
    case 'TupleValue':
      return (boxed.value as Boxed[]).map((item) => toPlain(item));
    case 'ObjectValue':
      return objectOf(boxed.value as Map<string, Boxed>);
    case 'UndefinedValue':
      throw new Error('it has no value; an `if` without `else`, or an attribute that does not exist?');
    default:
      throw new Error('it is a function, not a value; parentheses forgotten?');
  }
}

interface Boxed {
  type: string;
  value: unknown;
}

function objectOf(entries: Map<string, Boxed>): unknown {
  return Object.fromEntries([...entries].map(([key, value]) => [key, toPlain(value)]));
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return tooMuch;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Unknown (\w+)Value filter: (\w+)$/, (_, kind: string, filter: string) => {
    return `there is no filter ${filter} for ${kindWords[kind] ?? kind}`;
  });
}

const kindWords: Readonly<Record<string, string>> = { String: 'texts', Array: 'lists', Object: 'mappings' };
