import { z } from 'zod';
import type { EnvValue, SecretRef } from '../../model/app.ts';
import { durationPattern, parseDuration } from '../../model/duration.ts';
import { unknownPlaceholders } from '../../model/placeholders.ts';

/*
 * Building blocks of the schemas. A message given to a check reads as what was expected, because the failure
 * says: `key` must be …
 */

const durationWords = 'a duration such as 500ms, 30s, 5m or 24h';

/** `30s` in the file, ms in the program. */
export const duration = z
  .string(durationWords)
  .regex(durationPattern, durationWords)
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ examples: ['30s'] });

/** Names that go into host names and native ids on every platform. */
export const appName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'a name of small letters, digits and dashes, at most 63 characters',
  );

/** Environments, homes and stages: no dots, because `test1.k8s` is a home. */
export const placeName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,40}$/,
    'a name of letters, digits, - and _ that begins with a letter, without dots',
  );

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name of letters, digits and _ that does not begin with a digit');

export const nonEmpty = z.string().min(1, 'a text that is not empty');

/** A path of a URL: begins with `/`, has no spaces. */
export const urlPath = z.string().regex(/^\/\S*$/, 'a path that begins with / and has no spaces');

const placeholderRule =
  'a text whose placeholders are {app}, {version}, {env} or {stage}; {{word}} is a literal {word}';

/** Text of rehome.yaml in which `{app}`, `{version}`, `{env}` and `{stage}` are filled in. */
export const pattern = nonEmpty.refine(hasKnownPlaceholders, {
  params: { code: 'unknown-placeholder' },
  error: placeholderRule,
});

/** The same, but it may be empty. */
export const patternOrNothing = z
  .string()
  .refine(hasKnownPlaceholders, { params: { code: 'unknown-placeholder' }, error: placeholderRule });

function hasKnownPlaceholders(text: string): boolean {
  return unknownPlaceholders(text).length === 0;
}

const reference = z
  .string()
  .regex(/^(env|file|exec|kubernetes):.+$/s, 'a reference such as env:NAME, file:PATH or exec:COMMAND');

const secret = z
  .strictObject({
    secret: reference.describe(
      'Where the value comes from: `env:NAME`, `file:PATH`, `exec:COMMAND`, or `kubernetes:SECRET/KEY` in a cluster.',
    ),
  })
  .transform(({ secret: ref }): SecretRef => ({ kind: 'Secret', ref }));

const wholeNumber = z.int().transform(String);

/** Values of environment variables; `text` is what a plain text must look like. */
export function environment(text: z.ZodString): z.ZodType<Record<string, EnvValue>> {
  return z.record(variableName, z.union([text, wholeNumber, secret]));
}
