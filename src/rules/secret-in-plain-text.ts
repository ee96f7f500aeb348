import { note } from '../model/note.ts';
import type { Rule } from './rule.ts';

const secretName =
  /(^|_)(PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS?)(_|$)/i;
/** A URL with a password in it: `amqp://user:word@host`. */
const secretUrl = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:\s]*:[^/?#@\s]+@/i;

export const secretInPlainText: Rule = {
  id: 'secret-in-plain-text',
  summary: 'No password, token or key stands as plain text in rehome.yaml or a manifest.',
  doc: `Files of a workspace are kept in version control and read by many. A value that looks like a secret, by
its name or because it is a URL with a password in it, belongs behind a reference: \`{secret: "env:NAME"}\` in
\`env:\`, \`env:NAME\`, \`file:PATH\` or \`exec:COMMAND\` in the settings of a feature. References are looked up
at the last moment and are never stored, logged or shown.`,
  check({ built }) {
    const env = Object.assign({}, ...built.app.services.map((service) => service.env));
    return Object.entries(env)
      .filter(([name, value]) => typeof value === 'string' && looksSecret(name, value))
      .map(([name]) => {
        const place = built.origin(name);
        return note(
          'secret-in-plain-text',
          'warning',
          `${name} looks like a secret and stands in plain text.`,
          {
            hint: `write ${name}: {secret: "env:${name}"}; in the settings of a feature "env:${name}"`,
            ...(place ? { place } : {}),
            subject: `variable ${name}`,
          },
        );
      });
  },
};

function looksSecret(name: string, value: string): boolean {
  return (
    value !== '' && ((secretName.test(name) && !/_(URL|FILE|PATH)$/i.test(name)) || secretUrl.test(value))
  );
}
