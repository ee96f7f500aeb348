import { z } from 'zod';
import type { EnvValue } from '../model/app.ts';
import { fillPlaceholders, type Placeholders, unknownPlaceholders } from '../model/placeholders.ts';
import type { Feature, FeatureContext } from './feature.ts';

/** What differs between the backing services that an app reaches by a URL. */
export interface BackingService {
  /** Key of the manifest and of `features:` in rehome.yaml; `rmq` gives `RMQ_URL` and `RMQ_PASSWORD`. */
  readonly name: string;
  /** For people: `RabbitMQ`. */
  readonly product: string;
  readonly exampleUrl: string;
  /** Holds data whose schema the conventions' migration keeps up. */
  readonly migrates: boolean;
}

/** A URL of rehome.yaml, or a reference to one. */
export const address = z
  .string()
  .min(1, 'a URL')
  .refine((text) => unknownPlaceholders(text).length === 0, {
    params: { code: 'unknown-placeholder' },
    error: 'a text whose placeholders are {app}, {version}, {env} or {stage}',
  });

export const password = z.string().min(1, 'a password or a reference');

export const settings = z.strictObject({
  url: address.describe(
    'Address, with the placeholders `{app}`, `{version}`, `{env}` and `{stage}`, or a secret reference.',
  ),
  password: password
    .optional()
    .describe('Password, best as a secret reference: `env:NAME`, `file:PATH`, `exec:COMMAND`.'),
});

type Settings = z.output<typeof settings>;
export type Keys = Readonly<Record<string, boolean | undefined>>;

/** A feature that is a switch in the manifest and gives a URL, and a password where one is set. */
export function backingFeature(service: BackingService): Feature<Keys, Settings> {
  const { name, product, migrates } = service;
  const prefix = name.toUpperCase();
  const migration = migrates ? " The conventions' migration runs before a rollout." : '';
  return {
    name,
    summary: `Connection to ${product}: \`${prefix}_URL\`, and \`${prefix}_PASSWORD\` where one is set.${migration}`,
    keys: { [name]: z.boolean().optional().describe(`Connects the app to ${product}.${migration}`) },
    settings,
    example: exampleOf(service, prefix),
    contribute(context) {
      if (!context.values[name]) return undefined;
      if (!context.settings) return { migrates, unconfigured: name };
      const { url, password: secret } = context.settings;
      return {
        env: {
          [`${prefix}_URL`]: secretOr(url, context),
          ...(secret ? { [`${prefix}_PASSWORD`]: secretOr(secret, context) } : {}),
        },
        migrates,
      };
    },
  };
}

/** A text with its placeholders filled, or a secret that is looked up at the last moment. */
export function secretOr(text: string, context: FeatureContext): EnvValue {
  const values = placeholdersOf(context);
  const reference = /^(env|file|exec|kubernetes):/.test(text);
  // A file: URL has slashes, a reference to a file has a path.
  return reference && !text.startsWith('file://')
    ? { kind: 'Secret', ref: fillPlaceholders(text, values) }
    : fillPlaceholders(text, values);
}

function placeholdersOf({ app, version, environment, stage }: FeatureContext): Placeholders {
  return { app, version, env: environment, stage };
}

function exampleOf({ name, exampleUrl, migrates }: BackingService, prefix: string): string {
  return [
    'application:',
    '  app_name: hcn',
    '  test: {instances: 2}',
    `  ${name}: True    # ${prefix}_URL comes from features: {${name}: {url: "${exampleUrl}"}} in rehome.yaml`,
    ...(migrates
      ? [`  migration: {up: node migrate.js, down: node migrate.js back}  # in place of the conventions' one`]
      : []),
    '',
  ].join('\n');
}
