import type { Tls } from '../../../host/host.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';

/** Who we are, in one request. The `tls` object stays the same as long as its certificates do. */
export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: Tls;
}

/** What may change while we run. */
export interface Credentials {
  readonly authorization?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Where credentials come from; `fresh` asks for others than those it gave before. */
export type Source = (fresh: boolean) => Promise<Credentials | Failure>;

export interface Identities {
  current(): Promise<Identity | Failure>;
  /** After the server refused `used`: another one, or undefined where there is none. */
  renewed(used: Identity): Promise<Identity | undefined | Failure>;
}

/** Requests that ask at the same time ask once. `fixed` is what never changes. */
export function identities(source: Source, fixed: Identity): Identities {
  const asking = new Map<boolean, Promise<Credentials | Failure>>();
  let known: { readonly from: Credentials; readonly identity: Identity } | undefined;

  function ask(fresh: boolean): Promise<Credentials | Failure> {
    const begun = asking.get(fresh) ?? source(fresh).finally(() => asking.delete(fresh));
    asking.set(fresh, begun);
    return begun;
  }

  async function current(fresh = false): Promise<Identity | Failure> {
    const from = await ask(fresh);
    if (isFailure(from)) return from;
    if (!known || !areSame(known.from, from))
      known = { from, identity: identityOf(fixed, from, known?.identity) };
    return known.identity;
  }

  async function renewed(used: Identity): Promise<Identity | undefined | Failure> {
    if (known && known.identity !== used) return known.identity;
    const identity = await current(true);
    return identity === used ? undefined : identity;
  }

  return { current: () => current(), renewed };
}

function identityOf(fixed: Identity, { authorization, cert, key }: Credentials, before?: Identity): Identity {
  const headers = { ...fixed.headers, ...(authorization === undefined ? {} : { authorization }) };
  if (!fixed.tls) return { headers };
  const sameCertificate = before?.tls?.cert === cert && before?.tls?.key === key;
  const own = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
  return { headers, tls: before?.tls && sameCertificate ? before.tls : { ...fixed.tls, ...own } };
}

function areSame(a: Credentials, b: Credentials): boolean {
  return a.authorization === b.authorization && a.cert === b.cert && a.key === b.key;
}
