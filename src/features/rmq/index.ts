import type { z } from 'zod';
import { type Backing, type EnvValue, isSecret, type Twin } from '../../model/app.ts';
import { address, backingFeature, type Keys, password, secretOr, settings } from '../backing.ts';
import type { Feature, FeatureContext, NoTwin } from '../feature.ts';
import { makeVhost } from './make-vhost.ts';
import { darkVhost } from './vhost.ts';

const connection = backingFeature({
  name: 'rmq',
  product: 'RabbitMQ',
  exampleUrl: 'amqp://rmq.{env}.example:5672/{app}',
  migrates: false,
});

const ownSettings = settings.extend({
  twin: address
    .optional()
    .describe(
      'Address where an app runs that takes none of the real messages in a home, with the same placeholders, or a secret reference. Default: `url` with `-dark` after its vhost.',
    ),
  management: address
    .optional()
    .describe(
      'Management API of the server, `http://user@host:15672`: a deployment then makes sure that the vhost of `twin` exists, and that the user of `twin` may use it.',
    ),
  management_password: password.optional().describe('Password of the user of `management`.'),
});

type Settings = z.output<typeof ownSettings>;
type Context = FeatureContext<Keys, Settings>;

/**
 * A connection to a queue. In a home that takes no real messages it leads to a twin vhost, so that the app starts and
 * shows what it can, and eats nothing.
 */
export const rmq: Feature<Keys, Settings> = {
  ...connection,
  settings: ownSettings,
  contribute(context) {
    const part = connection.contribute(context);
    return part?.env && context.settings ? { ...part, twin: twinOf(context.settings, context) } : part;
  },
  provision: ({ spec }, context) => makeVhost(spec, context),
};

function twinOf(given: Settings, context: Context): Twin | NoTwin {
  const real = secretOr(given.url, context);
  const url = given.twin ? secretOr(given.twin, context) : isSecret(real) ? undefined : darkVhost(real);
  if (url === undefined) {
    return {
      why: isSecret(real)
        ? 'the URL of rmq is a secret, so that nothing can be put after its vhost'
        : 'the URL of rmq has no vhost that something could be put after',
      hint: 'name the URL of a vhost for dark homes in rehome.yaml: features: {rmq: {twin: …}}',
    };
  }
  return { env: { RMQ_URL: url }, backing: backingOf(given, context, url) };
}

/** Nothing to make where nobody says how. */
function backingOf(
  { management, management_password }: Settings,
  context: Context,
  url: EnvValue,
): Backing[] {
  if (!management) return [];
  const secret = management_password ? { password: secretOr(management_password, context) } : {};
  const spec = { url, management: secretOr(management, context), ...secret };
  return [{ kind: 'Backing', feature: connection.name, spec }];
}
