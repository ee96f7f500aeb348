import type { Trouble } from './trouble.ts';

/** Why the API takes no pod of a new version, out of the words of its admission. */
export function refusalTrouble(message: string): Trouble {
  const words = message.replace(/^(admission webhook|pods) "[^"]*" is forbidden: /, '').trim();
  if (/violates PodSecurity/.test(message))
    return {
      faultOf: 'configuration',
      words: `the namespace takes no such pod: ${words}; \`podSecurity: restricted\` at the home makes them fit`,
      isFinal: true,
    };
  if (/exceeded quota|failed quota/.test(message))
    return { faultOf: 'cluster', words: `the quota of the namespace is used up: ${words}`, isFinal: false };
  return { faultOf: 'cluster', words: `the cluster takes no pod of it: ${message.trim()}`, isFinal: false };
}
