import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { AppVersion } from '../../operations/operations.ts';

/** `hcn:1.0.0`, or a `usage` failure. */
export function parseTarget(word: string): AppVersion | Failure {
  const [app, version, ...more] = word.split(':');
  if (app && version && more.length === 0) return { app, version };
  const problem = version === undefined ? 'has no version' : 'is no app with a version';
  return fail('usage', `${JSON.stringify(word)} ${problem}`, {
    found: word,
    expected: 'APP:VERSION, say hcn:1.0.0',
  });
}

/** Several; an app that stands twice is a mistake. */
export function parseTargets(words: readonly string[]): readonly AppVersion[] | Failure {
  const targets: AppVersion[] = [];
  for (const word of words) {
    const target = parseTarget(word);
    if (isFailure(target)) return target;
    if (targets.some(({ app }) => app === target.app)) {
      return fail('usage', `${target.app} is named twice`, {
        found: words.join(' '),
        expected: 'each app once',
      });
    }
    targets.push(target);
  }
  return targets;
}
