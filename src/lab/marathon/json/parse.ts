import type { Request } from '../../http/message.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { faultInJson } from './fault.ts';

/** Reads a request's body as JSON, or refuses it as Marathon does. */
export function readJson(request: Request): { readonly value: unknown } | Refusal {
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/(.+\+)?json\b/i.test(type.trim())) {
    return refuse(415, 'Unsupported Media Type');
  }
  if (request.body.trim() === '') return noBody;
  try {
    const value: unknown = JSON.parse(request.body);
    return isTooDeep(value) ? invalid(tooDeep) : { value };
  } catch {
    return invalid(faultInJson(request.body));
  }
}

const tooDeep = 'Document nesting depth exceeds the maximum allowed';
const deepest = 100;

function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth > deepest || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}

const noBody: Refusal = {
  kind: 'Refusal',
  reply: {
    status: 400,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      message: 'Please specify data in JSON format',
      details: 'No content to map due to end-of-input\n at [Source: (byte[])""; line: 1, column: 0]',
    }),
  },
};

function invalid(details: string): Refusal {
  const body = JSON.stringify({ message: 'Invalid JSON', details });
  return {
    kind: 'Refusal',
    reply: { status: 400, headers: { 'Content-Type': 'application/json' }, body },
  };
}
