import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas } from '../../manifest/schemas.ts';
import { type Failure, fail } from '../../model/failure.ts';
import { plugins } from '../../rehome.ts';

/** Where the first line of rehome.yaml and of the manifests points to, in the workspace. */
const schemaFolder = '.rehome/schema';

/** JSON Schemas of the two kinds of files, with what all plugins take. */
export function schemas(): Readonly<Record<'workspace' | 'manifest', unknown>> {
  return { ...jsonSchemas(plugins) };
}

/** Writes the schemas for editors; answers the files, relative to the workspace. Failure: `file-unusable`. */
export function writeSchemas(root: string): readonly string[] | Failure {
  const all = schemas();
  const files = [
    { path: `${schemaFolder}/workspace.json`, schema: all.workspace },
    { path: `${schemaFolder}/manifest.json`, schema: all.manifest },
  ];
  try {
    mkdirSync(join(root, schemaFolder), { recursive: true });
    writeFileSync(join(root, '.rehome/.gitignore'), '*\n');
    for (const { path, schema } of files) {
      writeFileSync(join(root, path), `${JSON.stringify(schema, undefined, 1)}\n`);
    }
  } catch (error) {
    return fail('file-unusable', `The schemas cannot be written to ${join(root, schemaFolder)}.`, {
      found: String(error),
    });
  }
  return files.map(({ path }) => path);
}
