import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { TestNamespace } from './kubernetes.ts';

const file = join(import.meta.dirname, '../../docs/kubernetes-role.yaml');
const plurals: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** Makes the service account `rehome` in a namespace, which may do what the Role of the docs says and nothing else. */
export async function bindRole({ name, api }: TestNamespace): Promise<void> {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const body = document.toJS() as { readonly apiVersion: string; readonly kind: string };
    const root = body.apiVersion === 'v1' ? '/api/v1' : `/apis/${body.apiVersion}`;
    const made = await api.ask('POST', `${root}/namespaces/${name}/${plurals[body.kind]}`, body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
  }
}
