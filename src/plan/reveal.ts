import { isSecret, type SecretRef } from '../model/app.ts';
import { type Failure, isFailure, together } from '../model/failure.ts';
import { secretDigest } from '../model/secret-digest.ts';
import { isRecord, maskOf } from './fields.ts';
import { keyPath } from './path.ts';

/** A value with its secrets looked up, the paths where they stand, and what could not be found. */
export interface Revealed {
  readonly value: unknown;
  readonly masks: ReadonlyMap<string, string>;
}

/** Replaces every SecretRef inside a value by what it stands for. Fails with `missing-secret`. */
export function revealAll(
  value: unknown,
  reveal: (secret: SecretRef) => string | Failure,
): Revealed | Failure {
  const masks = new Map<string, string>();
  const failures: Failure[] = [];

  function walk(path: string, part: unknown): unknown {
    if (isSecret(part)) {
      masks.set(path, maskOf(part.ref));
      const text = reveal(part);
      if (isFailure(text)) failures.push(text);
      else if (part.digest) return secretDigest(text);
      return text;
    }
    if (Array.isArray(part)) return part.map((item, at) => walk(`${path}[${at}]`, item));
    if (!isRecord(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [key, walk(keyPath(path, key), item)]),
    );
  }

  const revealed = walk('', value);
  return together(failures) ?? { value: revealed, masks };
}
