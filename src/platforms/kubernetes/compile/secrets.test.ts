import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenModels } from '../../../../test/support/golden-models.ts';
import type { App, Env } from '../../../model/app.ts';
import { isFailure } from '../../../model/failure.ts';
import { secretDigest } from '../../../model/secret-digest.ts';
import { diff } from '../../../plan/diff.ts';
import type { Reveal } from '../../platform.ts';
import { managed } from '../read/managed.ts';
import { compile } from './compile.ts';
import { isKeyOf, secretDigests, secretKeys } from './secrets.ts';

const target = { environment: 'prod', home: 'k8s', settings: {} };
const token = (ref: string) => ({ TOKEN: { kind: 'Secret', ref } }) as const;

function withEnvs(first: Env, second: Env): App {
  const app = goldenModels['document'];
  assert(app);
  const [one, two] = app.services;
  assert(one && two);
  return {
    ...app,
    services: [
      { ...one, env: first },
      { ...two, env: second },
    ],
  };
}

function secretOf(app: App): object | undefined {
  const found = compile(app, target).objects.find(({ kind }) => kind === 'Secret');
  return found?.body['stringData'] as object | undefined;
}

test('a key has the name of its variable, unless two parts of the app mean different secrets by it', () => {
  const a = { kind: 'Secret', ref: 'env:A' };
  assert.deepEqual(secretOf(withEnvs(token('env:A'), token('env:A'))), { TOKEN: a });
  const both = withEnvs(token('env:A'), token('env:B'));
  const keys = Object.keys(secretOf(both) ?? {});
  assert.equal(keys.length, 2);
  assert.deepEqual(
    Object.keys(secretOf(withEnvs(token('env:B'), token('env:A'))) ?? {}).toSorted(),
    keys.toSorted(),
  );
  for (const key of keys) assert(isKeyOf(key, 'TOKEN', key === keys[0] ? 'env:A' : 'env:B'));
  assert(!isKeyOf('OTHER', 'TOKEN', 'env:A'));
});

test('a Secret of the cluster is referred to, and never looked up here', () => {
  const { objects, notes } = compile(withEnvs(token('kubernetes:shared/token'), {}), target);
  assert.deepEqual(
    notes.filter(({ severity }) => severity === 'error'),
    [],
  );
  const text = JSON.stringify(objects.map(({ body }) => body));
  assert(text.includes('"secretKeyRef":{"name":"shared","key":"token"}'));
  assert(!text.includes('kubernetes:') && !objects.some(({ kind }) => kind === 'Secret'));
  const wrong = compile(withEnvs(token('kubernetes:shared'), {}), target).notes;
  assert.deepEqual(
    wrong.filter(({ severity }) => severity === 'error').map(({ id }) => id),
    ['secret-reference'],
  );
});

test('names of keys and annotations fit, whatever a variable is called', () => {
  for (const name of ['_A_', 'A'.repeat(120), 'a b', 'x.y']) {
    const env = { [name]: { kind: 'Secret', ref: 'env:A' } } as const;
    const keys = secretKeys(withEnvs(env, {}));
    assert.match(keys.keyOf(name, 'env:A'), /^[\w.-]{1,253}$/);
    const [annotation = ''] = Object.keys(secretDigests(env, keys));
    assert.match(annotation, /^rehome\/[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])$/, annotation);
  }
});

test('a changed secret changes the pods of a service, and is shown by no more than its name', () => {
  const app = withEnvs(token('env:A'), {});
  const { objects } = compile(app, target);
  const reveal =
    (value: string): Reveal =>
    () =>
      value;
  const live = objects.map((object) => {
    const text = JSON.stringify(object.body, (_key, value: unknown) => {
      const ref = value as { ref?: string; digest?: true } | null;
      if (typeof ref !== 'object' || ref?.ref !== 'env:A') return value;
      return ref.digest ? secretDigest('old') : 'old';
    });
    return managed({ ...object, body: JSON.parse(text) });
  });
  const same = diff(objects, live, { home: 'k8s', reveal: reveal('old') });
  assert.deepEqual(same, []);
  const changes = diff(objects, live, { home: 'k8s', reveal: reveal('new') });
  assert(!isFailure(changes));
  assert.deepEqual(
    changes.map(({ object, fields }) => ({ object, fields })),
    [
      { object: 'Secret document-env', fields: [change('stringData.TOKEN')] },
      {
        object: 'Deployment document-deployment',
        fields: [change('spec.template.metadata.annotations["rehome/secret-digest.TOKEN"]')],
      },
    ],
  );
});

function change(path: string) {
  return { path, from: '(secret env:A)', to: '(secret env:A)' };
}
