import { isSecret } from '../model/app.ts';
import { type Failure, isFailure, together } from '../model/failure.ts';
import type { NativeObject } from '../model/native.ts';
import { secretDigest } from '../model/secret-digest.ts';
import type { Json } from './json.ts';
import type { Reveal } from './platform.ts';

/** The body of an object as it is sent: with its secrets looked up. Fails with `missing-secret`. */
export function revealed({ body }: Pick<NativeObject, 'body'>, reveal: Reveal): Json | Failure {
  const failures: Failure[] = [];
  const text = JSON.stringify(body, (_key, value: unknown) => {
    if (!isSecret(value)) return value;
    const found = reveal(value);
    if (isFailure(found)) failures.push(found);
    else if (value.digest) return secretDigest(found);
    return found;
  });
  return together(failures) ?? (JSON.parse(text) as Json);
}
