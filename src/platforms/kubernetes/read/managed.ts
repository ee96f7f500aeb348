import { isSecret } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Json, list, record, text } from '../../json.ts';
import { type Remarks, remembered, texts } from '../../remarks.ts';
import { partOfLabel } from '../applyset.ts';
import { inClusterRef } from '../compile/secrets.ts';
import { isStamp, stampsInAnnotations } from '../stamps.ts';
import { byName, withoutDefaults } from './defaults.ts';
import { appliedFields, project } from './owned-fields.ts';

/**
 * See `Platform.managed`: what rehome has applied, as the apiserver keeps it. Of an object that rehome never applied,
 * everything but what the apiserver fills in by itself.
 */
export function managed(live: NativeObject): NativeObject {
  const fields = appliedFields(live.body);
  return fields ? normal(live, applied(live, fields)) : whole(live);
}

/** The same with the fields of everybody: what really runs. */
export function whole(live: NativeObject): NativeObject {
  const { spec } = live.body;
  const body =
    spec === undefined ? live.body : { ...live.body, spec: withoutDefaults(live.kind, record(spec)) };
  return normal(live, body);
}

function applied(live: NativeObject, fields: Json): Json {
  const { apiVersion, kind, metadata } = live.body;
  const own = record(project(live.body, fields));
  const name = text(record(metadata)['name']) ?? live.id;
  return { apiVersion, kind, ...own, metadata: { name, ...record(own['metadata']) } };
}

/** In compile's shape: no server's metadata, no stamps, no duty, secrets as text. */
function normal(live: NativeObject, body: Json): NativeObject {
  const { metadata, status: _, spec, data, ...rest } = body;
  const remarks = { ...live.remarks, ...stampsInAnnotations(annotationsOf(live.body)) };
  const made: Json = {
    ...rest,
    metadata: metadataOf(live, record(metadata)),
    ...(spec === undefined ? {} : { spec: specOf(live.kind, record(spec)) }),
    ...dataOf(live.kind, data),
  };
  const secrets = secretPaths(live, made, remarks);
  return {
    kind: live.kind,
    id: live.id,
    body: made,
    ...(Object.keys(remarks).length > 0 ? { remarks } : {}),
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
  };
}

function annotationsOf(body: Json): unknown {
  return record(body['metadata'])['annotations'];
}

/** Written by tools and controllers beside what is meant; the first may hold a Secret in the clear. */
const notMeant = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision'];

function metadataOf(live: NativeObject, { name, labels, annotations }: Json): Json {
  const kept = filtered(annotations, (key) => !isStamp(key) && !notMeant.includes(key));
  return {
    name: name ?? live.id,
    ...nonEmpty(
      'labels',
      filtered(labels, (key) => key !== partOfLabel),
    ),
    ...nonEmpty('annotations', kept),
  };
}

function filtered(pairs: unknown, keep: (key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(record(pairs)).filter(([key]) => keep(key)));
}

function nonEmpty(key: string, value: Json): Json {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}

function specOf(kind: string, spec: Json): Json {
  if (kind === 'Deployment') return sorted(spec);
  if (kind !== 'CronJob') return spec;
  const { suspend: _, ...rest } = spec;
  const template = record(rest['jobTemplate']);
  if (template['spec'] === undefined) return rest;
  return { ...rest, jobTemplate: { ...template, spec: sorted(record(template['spec'])) } };
}

/** In server-side apply lists by key keep their order, whatever was applied later: compile's order is by name. */
function sorted(spec: Json): Json {
  const template = record(spec['template']);
  const pod = record(template['spec']);
  if (!Array.isArray(pod['containers'])) return spec;
  const containers = list(pod['containers']).map((container) =>
    Array.isArray(container['env']) ? { ...container, env: byName(list(container['env'])) } : container,
  );
  return { ...spec, template: { ...template, spec: { ...pod, containers, ...spreadOf(pod) } } };
}

function spreadOf({ topologySpreadConstraints: constraints }: Json): Json {
  if (!Array.isArray(constraints)) return {};
  const byKey = list(constraints).toSorted((a, b) =>
    String(a['topologyKey']) < String(b['topologyKey']) ? -1 : 1,
  );
  return { topologySpreadConstraints: byKey };
}

/** A Secret is sent as base64; what is no text stays like that. */
function dataOf(kind: string, data: unknown): Json {
  if (data === undefined) return {};
  if (kind !== 'Secret') return { data };
  const decoded: Record<string, string> = {};
  const binary: Record<string, string> = {};
  for (const [key, value] of Object.entries(texts(data))) {
    const bytes = Buffer.from(value, 'base64');
    const plain = bytes.toString('utf8');
    if (Buffer.from(plain, 'utf8').equals(bytes)) decoded[key] = plain;
    else binary[key] = value;
  }
  return { ...nonEmpty('stringData', decoded), ...nonEmpty('data', binary) };
}

/** Every value of a Secret is one, whoever wrote it. */
function secretPaths(live: NativeObject, { stringData, data }: Json, remarks: Remarks) {
  if (live.kind !== 'Secret') return {};
  const { secrets } = remembered(remarks);
  const paths: Record<string, string> = {};
  for (const [field, values] of Object.entries({ stringData, data })) {
    for (const [key, value] of Object.entries(record(values))) {
      const ref = secrets[key] ?? inClusterRef({ name: live.id, key });
      if (!isSecret(value)) paths[pathOf(field, key)] = ref;
    }
  }
  return paths;
}

/** As a plan names a field: a key with a dot in it stands in brackets. */
function pathOf(field: string, key: string): string {
  return /^[\w-]+$/.test(key) ? `${field}.${key}` : `${field}[${JSON.stringify(key)}]`;
}
