/*
 * URLs of RabbitMQ: amqp://user:password@host:port/vhost?key=value, the vhost percent-encoded
 * (https://www.rabbitmq.com/docs/uri-spec). Clients know more schemes (pyamqp:), several hosts in one URL, and take
 * every path as the vhost; without one, or with an empty one, it is `/`. A list of whole URLs is none.
 */
const pattern = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#;]*)(?:\/((?:(?!:\/\/)[^?#;])*))?((?:[?#][^;]*)?)$/i;

/** The user that a client is without one in its URL. */
const defaultUser = 'guest';

/** The same URL with `-dark` after its vhost; undefined where it is no URL of one server. */
export function darkVhost(url: string): string | undefined {
  const [, scheme, authority, path = '', query = ''] = pattern.exec(url) ?? [];
  if (scheme === undefined || !authority) return undefined;
  return `${scheme}${authority}/${path === '' ? '%2F' : path}-dark${query}`;
}

/** Whom a URL lets into which vhost; undefined where it is none, or is wrongly encoded. */
export function vhostOf(url: string): { readonly vhost: string; readonly user: string } | undefined {
  const [, scheme, authority = '', path = ''] = pattern.exec(url) ?? [];
  if (scheme === undefined) return undefined;
  const [user = ''] = authority.includes('@')
    ? authority.slice(0, authority.lastIndexOf('@')).split(':')
    : [];
  try {
    return {
      vhost: path === '' ? '/' : decodeURIComponent(path),
      user: decodeURIComponent(user) || defaultUser,
    };
  } catch {
    return undefined;
  }
}
