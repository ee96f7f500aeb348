import { z } from 'zod';
import { customaryStages } from './document.ts';
import { applicationKeys } from './schema/application.ts';
import { workspaceFile } from './schema/workspace-file.ts';
import type { Configurable, Plugins } from './workspace.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schemas (draft 2020-12) of the two kinds of files, for editors. */
export interface JsonSchemas {
  /** rehome.yaml */
  readonly workspace: JsonSchema;
  /** services/*.yml */
  readonly manifest: JsonSchema;
}

const dialect = 'https://json-schema.org/draft/2020-12/schema';
const free = { '^x-': {} };

/** `stages` are the sections that manifests may have; without them any key may be a section. */
export function jsonSchemas(plugins: Plugins, stages?: readonly string[]): JsonSchemas {
  return { workspace: workspaceSchema(plugins), manifest: manifestSchema(plugins, stages) };
}

function workspaceSchema({ platforms, edges, features, notifiers }: Plugins): JsonSchema {
  const schema = schemaOf(workspaceFile) as Editable;
  const environment = at(schema, 'properties', 'environments', 'additionalProperties', 'properties');
  const home = at(environment, 'homes', 'additionalProperties', 'properties');
  at(environment, 'homes')['additionalProperties'] = {
    anyOf: platforms.map((platform) => withKeys(platform, 'platform', home)),
  };
  environment['edge'] = {
    ...described(environment['edge']),
    anyOf: edges.map((edge) => withKeys(edge, 'type', {})),
  };
  const properties = at(schema, 'properties');
  properties['notify'] = {
    ...described(properties['notify']),
    type: 'array',
    items: { anyOf: notifiers.map((notifier) => withKeys(notifier, 'type', {})) },
  };
  const settings = Object.fromEntries(
    features.flatMap(({ name, settings: schemaOfFeature }) =>
      schemaOfFeature ? [[name, schemaOfFeature]] : [],
    ),
  );
  properties['features'] = { ...described(properties['features']), ...featureSettings(settings, true) };
  environment['features'] = { ...described(environment['features']), ...featureSettings(settings, false) };
  return { $schema: dialect, title: 'rehome.yaml', ...schema };
}

/** In an environment settings lie over the common ones, so that none is required there. */
function featureSettings(features: Readonly<Record<string, z.ZodType>>, complete: boolean): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(features).map(([name, settings]) => {
      const { required, ...rest } = schemaOf(settings) as Editable;
      const schema = complete && required ? { ...rest, required } : rest;
      return [name, { anyOf: [schema, { const: false }] }];
    }),
  );
  return { type: 'object', properties, additionalProperties: false, patternProperties: free };
}

/** The plugin's own keys with its name and the keys that all plugins of its kind have. */
function withKeys({ name, settings }: Configurable, key: string, common: Editable): JsonSchema {
  const schema = schemaOf(settings) as Editable;
  const { [key]: _, ...shared } = common;
  return {
    ...schema,
    type: 'object',
    properties: { [key]: { const: name }, ...shared, ...at(schema, 'properties') },
    required: [key, ...((schema['required'] as string[] | undefined) ?? [])],
    additionalProperties: false,
    patternProperties: free,
  };
}

function manifestSchema({ features }: Plugins, stages?: readonly string[]): JsonSchema {
  const keys: Record<string, z.ZodType> = Object.assign(
    {},
    applicationKeys,
    ...features.map((one) => one.keys),
  );
  const application = orExpression(schemaOf(z.strictObject(keys))) as Editable;
  const { app_name, ...sectionKeys } = at(application, 'properties');
  const { required: _, ...section }: Editable = { ...application, properties: sectionKeys };
  const reference = { anyOf: [{ $ref: '#/$defs/section' }, { type: 'null' }] };
  const names = stages && new Set([...stages, ...customaryStages]);
  const sections = names ? Object.fromEntries([...names].map((stage) => [stage, reference])) : {};
  return {
    $schema: dialect,
    title: 'manifest of an application',
    type: 'object',
    properties: {
      application: {
        ...application,
        // The name is the same in every home, so it is no expression.
        properties: { app_name: schemaOf(keys['app_name'] ?? z.string()), ...sectionKeys, ...sections },
        additionalProperties: stages ? false : reference,
      },
    },
    required: ['application'],
    additionalProperties: false,
    patternProperties: free,
    $defs: { section: { description: 'What differs in one stage.', ...section } },
  };
}

/** Any value of a manifest may be a text with an expression. */
function orExpression(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const { description, properties, items, anyOf, additionalProperties, ...rest } = schema as Editable;
  const inner: Editable = { ...rest };
  if (properties) inner['properties'] = mapValues(properties as Editable, orExpression);
  if (items) inner['items'] = orExpression(items);
  if (additionalProperties !== undefined) inner['additionalProperties'] = orExpression(additionalProperties);
  if (anyOf) inner['anyOf'] = (anyOf as unknown[]).map(orExpression);
  const text = description === undefined ? {} : { description };
  if (inner['type'] === 'object') return { ...text, ...inner };
  return { ...text, anyOf: [inner, { type: 'string', pattern: '\\{\\{.*\\}\\}' }] };
}

function mapValues(object: Editable, change: (value: unknown) => unknown): Editable {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** What a file may hold, x- keys allowed wherever keys are counted. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = free;
      // Bounds that only say what a number of JavaScript can be.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return rest;
}

type Editable = Record<string, unknown>;

function at(schema: Editable, ...path: readonly string[]): Editable {
  let current = schema;
  for (const step of path) current = (current[step] ?? {}) as Editable;
  return current;
}

function described(schema: unknown): JsonSchema {
  const { description } = (schema ?? {}) as Editable;
  return description === undefined ? {} : { description };
}
