import { isSecret } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Json, record, same } from '../json.ts';
import { managedApp } from './managed-app.ts';

/** Fields in which a live app is not as it was compiled. Secrets are taken on trust: nobody looks them up here. */
export function differences(wanted: NativeObject, live: NativeObject): readonly string[] {
  const found = managedApp(live).body;
  const keys = new Set([...Object.keys(wanted.body), ...Object.keys(found)]);
  return [...keys].filter((key) => {
    if (key === 'env') return !sameEnv(record(wanted.body['env']), record(found['env']));
    return !same(wanted.body[key], found[key]);
  });
}

function sameEnv(wanted: Json, live: Json): boolean {
  const names = new Set([...Object.keys(wanted), ...Object.keys(live)]);
  return [...names].every((name) =>
    isSecret(wanted[name]) ? live[name] !== undefined : wanted[name] === live[name],
  );
}
