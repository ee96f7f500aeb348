import { type Failure, fail } from '../../../model/failure.ts';
import type { Change, NativeObject } from '../../../model/native.ts';
import type { Release } from '../../../model/release.ts';
import { type Json, record, same, text } from '../../json.ts';

/** An object that is there under our name and is somebody else's: it is not touched. */
export function notOurs({ object, before, after }: Change, { app }: Release): Failure | undefined {
  if (!before) return undefined;
  const owner = before.remarks?.['app'];
  if (owner !== undefined && owner !== app) {
    return fail('refused', `${object} belongs to the app ${owner}.`, {
      hint: 'give one of the two another name',
    });
  }
  if (!after) return undefined;
  const environments = [before, after].map(({ remarks }) => remarks?.['environment']);
  if (owner !== undefined && environments.every(Boolean) && environments[0] !== environments[1]) {
    return fail('refused', `${object} belongs to the environment ${environments[0]}.`, {
      hint: 'give the homes of the two environments different namespaces',
    });
  }
  const [there, wanted] = [selectorOf(before), selectorOf(after)];
  if (owner !== undefined || there === undefined || same(there, wanted)) return undefined;
  return fail('refused', `${object} is there already and is not rehome's: it selects other pods.`, {
    found: shown(there),
    expected: shown(wanted ?? {}),
    hint: 'remove it, or give one of the two another name',
  });
}

/** Which pods an object means; it can never be changed on a Deployment. */
function selectorOf({ body }: NativeObject): Json | undefined {
  const selector = record(body['spec'])['selector'];
  if (selector === undefined) return undefined;
  return record(record(selector)['matchLabels'] ?? selector);
}

function shown(selector: Json): string {
  const pairs = Object.entries(selector).map(([label, value]) => `${label}=${text(value) ?? ''}`);
  return pairs.join(',') || 'no pods';
}
