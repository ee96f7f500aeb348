import { isSecret } from '../../model/app.ts';

/** A native body to show: secrets become words about where they come from. */
export function plainBody(body: unknown): unknown {
  if (isSecret(body)) return `(secret ${body.ref})`;
  if (Array.isArray(body)) return body.map(plainBody);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, plainBody(value)]));
}
