import type { Output } from '../output.ts';

/** The dry run of a command that changes no native object by itself. */
export function wouldDo(what: string, details: Readonly<Record<string, unknown>>, output: Output): number {
  const document = { dryRun: true, would: what, changes: [], ...details };
  output.document(document);
  output.event({ type: 'plan', ...document });
  output.data(`Would ${what}.`);
  return 0;
}
