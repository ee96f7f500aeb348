import { type App, isSecret } from '../../../model/app.ts';
import { type Note, note } from '../../../model/note.ts';
import { inClusterKey, isInCluster } from './secrets.ts';

/** References to Secrets of the cluster that name none. */
export function secretNotes({ name, services, crons, jobs }: App): readonly Note[] {
  const refs = [...services, ...crons, ...jobs]
    .flatMap(({ env }) => Object.entries(env))
    .flatMap(([variable, value]) => (isSecret(value) ? [{ variable, ref: value.ref }] : []));
  const wrong = refs.filter(({ ref }) => isInCluster(ref) && !inClusterKey(ref));
  return wrong.map(({ variable, ref }) =>
    note('secret-reference', 'error', `${variable}: ${ref} names no key of a Secret.`, {
      subject: `app ${name}`,
      hint: 'write kubernetes:SECRET/KEY',
    }),
  );
}
