import { type Env, isSecret } from '../../../model/app.ts';
import type { Json } from '../../json.ts';
import { escaped } from './expansion.ts';
import { type SecretKeys, secretKeyOf } from './secrets.ts';

/** By name, as `managed` has them: the order of a manifest is no difference, since nothing in a value is expanded. */
export function compileEnv(env: Env, keys: SecretKeys, port: number | undefined): readonly Json[] {
  const names = Object.keys(env);
  if (port !== undefined && env['PORT'] === undefined) names.push('PORT');
  return names.sort().map((name) => {
    const value = env[name] ?? String(port);
    if (isSecret(value)) return { name, valueFrom: { secretKeyRef: secretKeyOf(name, value.ref, keys) } };
    // The apiserver leaves out what is empty.
    return value === '' ? { name } : { name, value: escaped(value) };
  });
}
