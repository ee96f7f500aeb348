import type { Env, EnvValue } from '../../../model/app.ts';
import { type Json, list, record, text } from '../../json.ts';
import { expanded } from '../compile/expansion.ts';
import { inClusterRef, isKeyOf } from '../compile/secrets.ts';

export interface ReadEnv {
  readonly env: Env;
  /** Values in the clear, that others may refer to. */
  readonly literals: Readonly<Record<string, string>>;
  /** What the model has no word for: `env.POD_IP`. */
  readonly foreign: readonly string[];
}

/** Variables of a container in their own order, in which one may stand in the next. `refs` are those that were told. */
export function readEnv(
  container: Json,
  refs: Readonly<Record<string, string>>,
  ownSecret: string | undefined,
): ReadEnv {
  const env: Record<string, EnvValue> = {};
  const literals: Record<string, string> = {};
  const foreign = container['envFrom'] === undefined ? [] : ['envFrom'];
  const variables = list(container['env']);
  const names = variables.map(({ name }) => String(name));
  for (const [at, { value, valueFrom }] of variables.entries()) {
    const name = names[at] ?? '';
    if (valueFrom === undefined) {
      const made = expanded(text(value) ?? '', literals);
      if (made.unknown.some((other) => names.slice(0, at).includes(other))) foreign.push(`env.${name}`);
      env[name] = made.text;
      literals[name] = made.text;
      continue;
    }
    const ref = secretRefOf(name, record(valueFrom), refs, ownSecret);
    if (ref === undefined) foreign.push(`env.${name}`);
    else env[name] = { kind: 'Secret', ref };
  }
  return { env, literals, foreign };
}

/** The reference that was told is believed while the key is one that it would have. */
function secretRefOf(
  variable: string,
  { secretKeyRef }: Json,
  refs: Readonly<Record<string, string>>,
  ownSecret: string | undefined,
): string | undefined {
  if (secretKeyRef === undefined) return undefined;
  const [name, key] = [text(record(secretKeyRef)['name']) ?? '', text(record(secretKeyRef)['key']) ?? ''];
  const told = refs[variable];
  const isOwn = told !== undefined && name === ownSecret && isKeyOf(key, variable, told);
  return isOwn ? told : inClusterRef({ name, key });
}
