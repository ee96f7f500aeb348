import { type Note, note } from '../../../model/note.ts';
import type { TlsMode } from '../../platform.ts';
import { plain } from '../names.ts';

export interface IngressTls {
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName: string }[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
}

const without: IngressTls = { tls: [], annotations: {}, notes: [] };

/** Who has the certificate of an Ingress's hosts. A wildcard covers one label: `a.prod.bank.io`, not `a.b.prod.bank.io`. */
export function ingressTls(
  hosts: readonly string[],
  { tls, domain }: { readonly tls?: TlsMode; readonly domain?: string },
  name: string,
  subject: string,
): IngressTls {
  if (!tls || tls.mode === 'none' || hosts.length === 0) return without;
  if (tls.mode === 'per-host') {
    return {
      tls: hosts.map((host) => ({ hosts: [host], secretName: secretFor(host, hosts, name) })),
      annotations: { 'cert-manager.io/cluster-issuer': tls.issuer },
      notes: [],
    };
  }
  const covered = hosts.filter((host) => domain !== undefined && isCovered(host, domain));
  const others = hosts.filter((host) => !covered.includes(host));
  const secretName = tls.secret ?? wildcardSecret(domain ?? '');
  return {
    tls: covered.length > 0 ? [{ hosts: covered, secretName }] : [],
    annotations: {},
    notes: others.length > 0 ? [notCovered(others, domain, subject)] : [],
  };
}

/** One certificate for each, so that no host waits for another one's; a single one has the name of the Ingress. */
function secretFor(host: string, hosts: readonly string[], name: string): string {
  return host === hosts[0] ? `${name}-tls` : `${plain(host)}-tls`;
}

function wildcardSecret(domain: string): string {
  return `wildcard-${domain.toLowerCase().replaceAll('.', '-')}-tls`;
}

function isCovered(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes('.');
}

function notCovered(hosts: readonly string[], domain: string | undefined, subject: string): Note {
  const [are, them] = hosts.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const message = `${hosts.join(', ')} ${are} not under *.${domain ?? '{domain}'}; the wildcard certificate does not cover ${them}, and nothing else is asked for.`;
  return note('host-not-covered', 'warning', message, { subject, fidelity: 'dropped' });
}
