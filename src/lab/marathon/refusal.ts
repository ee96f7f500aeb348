import { json, type Reply } from '../http/message.ts';

/** A request that cannot be carried out: the answer that says so. */
export interface Refusal {
  readonly kind: 'Refusal';
  readonly reply: Reply;
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Refusal';
}

/** Where something is wrong in a body, in Marathon's notation (`/portDefinitions(0)/name`), and what. */
export interface Violation {
  readonly path: string;
  readonly errors: readonly string[];
}

/** A refusal with `{"message"}` and, as Marathon's answers to a GET have it, an empty list of details. */
export function refuse(status: number, message: string, details?: readonly unknown[]): Refusal {
  return { kind: 'Refusal', reply: json(status, details ? { message, details } : { message }) };
}

/** 422: right JSON, wrong shape. */
export function wrongShape(violations: readonly Violation[]): Refusal {
  return { kind: 'Refusal', reply: json(422, { message: 'Invalid JSON', details: violations }) };
}

/** 422: right shape, wrong meaning. */
export function notValid(violations: readonly Violation[]): Refusal {
  return { kind: 'Refusal', reply: json(422, { message: 'Object is not valid', details: violations }) };
}

export function violation(path: string, ...errors: readonly string[]): Violation {
  return { path, errors };
}

export const noSuchApp = (id: string): Refusal => refuse(404, `App '${id}' does not exist`);
