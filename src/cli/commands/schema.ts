import { findWorkspace } from '../../manifest/open.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Command, Invocation } from '../command.ts';

const kinds = ['workspace', 'manifest'] as const;

export const command: Command = {
  name: 'schema',
  summary: 'print or write the JSON Schemas for editors',
  description:
    'The schema of rehome.yaml (workspace) and of the files in services/ (manifest); both where none is named. ' +
    'With --write they go to .rehome/schema/, where the first line of the files points an editor to.',
  args: [{ name: 'KIND', summary: kinds.join(' or '), required: false, complete: kinds }],
  flags: [{ name: 'write', summary: 'write both into the workspace' }],
  examples: [
    ['rehome schema manifest', 'what a manifest may say'],
    ['rehome schema --write', 'completion and checks while typing, in editors with a YAML language server'],
  ],
  run,
};

async function run({ args, flags, folder, output }: Invocation): Promise<number | Failure> {
  const [kind] = args['KIND'] ?? [];
  if (kind !== undefined && kind !== 'workspace' && kind !== 'manifest') {
    return fail('usage', `there is no schema ${JSON.stringify(kind)}`, {
      found: kind,
      expected: kinds.join(', '),
    });
  }
  const { schemas, writeSchemas } = await import('../init/schema-files.ts');
  if (flags.on('write')) {
    const root = findWorkspace(folder);
    if (isFailure(root)) return root;
    const written = writeSchemas(root);
    if (isFailure(written)) return written;
    output.document({ root, written });
    for (const path of written) output.data(`wrote ${path}`);
    return 0;
  }
  const document = kind === undefined ? schemas() : schemas()[kind];
  output.document(document);
  output.data(JSON.stringify(document, undefined, 2));
  return 0;
}
