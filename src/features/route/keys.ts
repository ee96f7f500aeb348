import { z } from 'zod';

/** A load balancer's port index; nobody has more than ten. */
const indexes = Array.from({ length: 10 }, (_, index) => index);

const path = z.string().regex(/^\/\S*$/, 'a path that begins with / and has no spaces');
const host = z
  .string()
  .regex(/^[A-Za-z0-9*]([A-Za-z0-9.*-]*[A-Za-z0-9])?$/, 'a host name such as api.example.org');
const audience = z.string().regex(/^[A-Za-z0-9_-]+$/, 'a word such as external or internal');

const listed = z
  .string()
  .regex(
    /^\s*(-i\s+)?\/\S*(\s+\/\S*)*\s*$/,
    'paths that begin with /, after the flag -i or without it: "-i /api /v2"',
  );

const hosts = z
  .string()
  .regex(/^\s*[A-Za-z0-9.*-]+(\s*,\s*[A-Za-z0-9.*-]+)*\s*$/, 'host names with commas between them');

const expose = z.strictObject({
  path: z
    .union([path, z.array(path).min(1)])
    .default('/')
    .describe('Path prefix, or a list of them. Default `/`.'),
  audience: audience
    .default('external')
    .describe('Load balancer that serves it: `external` (default) or `internal`.'),
  host: host
    .optional()
    .describe('Host name; `{app}.{domain}` where absent and the environment has a domain.'),
  ignore_case: z.boolean().default(false).describe('Whether the case of the path does not matter.'),
  whitelist: z.boolean().optional().describe('Whether only listed addresses may call.'),
});

export const keys = {
  expose: z
    .union([expose, z.literal(false)])
    .optional()
    .describe('How the app is reached from outside.'),
  haproxy_group: audience
    .optional()
    .describe('Load balancer that serves the app: the old form of `expose: {audience}`.'),
  ...Object.fromEntries(
    indexes.flatMap((index) => [
      [
        `haproxy_${index}_path`,
        listed
          .optional()
          .describe('Path prefixes, `-i` before them where case does not matter: `"-i /api /v2"`.'),
      ],
      [
        `haproxy_${index}_vhost`,
        hosts.optional().describe('Host names for these paths, with commas between them.'),
      ],
    ]),
  ),
  ingress: z.boolean().optional().describe('Serves the app from outside: the other old form of `expose`.'),
  ingress_path: path.optional().describe('Path prefix of the ingress.'),
  ingress_host: host.optional().describe('Host name of the ingress.'),
  whitelist_enabled: z.boolean().optional().describe('Whether only listed addresses may call.'),
};

/** The keys with a number in them are read one by one; see `indexed`. */
export interface Keys {
  readonly expose?: z.output<typeof expose> | false;
  readonly haproxy_group?: string;
  readonly ingress?: boolean;
  readonly ingress_path?: string;
  readonly ingress_host?: string;
  readonly whitelist_enabled?: boolean;
}

export interface Indexed {
  readonly index: number;
  readonly path?: string;
  readonly vhost?: string;
}

/** The `haproxy_N_…` keys that are given, by their N. */
export function indexed(values: Keys): Indexed[] {
  const all = values as Readonly<Record<string, unknown>>;
  return indexes.flatMap((index) => {
    const [given, vhost] = [all[`haproxy_${index}_path`], all[`haproxy_${index}_vhost`]];
    if (typeof given !== 'string' && typeof vhost !== 'string') return [];
    return [
      {
        index,
        ...(typeof given === 'string' ? { path: given } : {}),
        ...(typeof vhost === 'string' ? { vhost } : {}),
      },
    ];
  });
}
