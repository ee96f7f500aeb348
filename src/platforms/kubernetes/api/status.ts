import { type Failure, fail } from '../../../model/failure.ts';
import { type Json, list, parseJson, record, text } from '../../json.ts';
import type { Place } from '../cluster.ts';
import type { Kind } from '../kinds.ts';

/** What was asked of the API, for messages. */
export interface Asked {
  /** As its permissions name it: `patch`. */
  readonly verb: string;
  readonly kind: Kind;
  readonly name?: string | undefined;
  readonly place: Place;
}

export interface Refusal {
  readonly status: number;
  readonly body: string;
}

/**
 * What the API says when it does not do as it is told, in words for people:
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function failureOf(asked: Asked, refusal: Refusal): Failure {
  const { status } = refusal;
  const said = statusIn(refusal.body);
  if (status === 401) return unknown(asked, said);
  if (status === 403) return denied(asked, said);
  if (status === 404) return absent(asked, said);
  if (status === 409) return conflict(asked, said);
  if (status === 410) return missed(asked);
  if (isTooLarge(refusal)) return tooLarge(asked, said);
  if (status === 429) return busy(asked, said);
  if (status >= 500 && !isFinal(refusal)) return broken(asked, refusal.status, said);
  return refused(asked, status, said);
}

/** Field managers that hold what was to be written; empty where a conflict is of another kind. */
export function holders(body: string): readonly string[] {
  return fieldConflicts(statusIn(body)).map(({ manager }) => manager);
}

/** Sending the same again will never help, whatever the status says: a field unknown to the API is a 500 too. */
export function isFinal(refusal: Refusal): boolean {
  return isTooLarge(refusal) || /failed to create typed patch object/.test(refusal.body);
}

function isTooLarge({ status, body }: Refusal): boolean {
  return (
    status === 413 ||
    (status === 500 && /request is too large|larger than max|exceeds the maximum/.test(body))
  );
}

interface Said {
  readonly message: string;
  readonly details: Json;
  readonly causes: readonly Json[];
}

function statusIn(body: string): Said {
  const status = record(parseJson(body));
  const details = record(status['details']);
  const message = text(status['message']) ?? body.slice(0, 300);
  return { message: message.trim().replace(/\.$/, ''), details, causes: list(details['causes']) };
}

function unknown({ place }: Asked, { message }: Said): Failure {
  const whose =
    place.context === undefined ? 'the service account of this pod' : `the context ${place.context}`;
  return fail(
    'not-authenticated',
    `The cluster at ${place.server} does not take the credentials of ${whose}.`,
    {
      found: `HTTP 401: ${message}`,
      hint: 'they may be over: log in again with what made the kubeconfig',
    },
  );
}

function denied(asked: Asked, said: Said): Failure {
  const { verb, kind, place } = asked;
  if (said.causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
    return fail('namespace-ending', `The namespace ${place.namespace} is being deleted: ${said.message}.`, {
      hint: 'wait until it is gone, or take another one',
    });
  }
  const who = /User "([^"]+)" cannot/.exec(said.message)?.[1];
  if (who === undefined) return refused(asked, 403, said);
  const where = kind.clusterWide ? '' : ` in the namespace ${place.namespace}`;
  const message = `The cluster at ${place.server} does not let ${who} ${verb} ${kind.plural}${where}.`;
  return fail('forbidden', message, {
    found: `HTTP 403: ${said.message}`,
    hint: 'the Role in docs/kubernetes-role.yaml holds all that rehome needs',
  });
}

function absent(asked: Asked, said: Said): Failure {
  const { kind, place } = asked;
  if (said.details['kind'] === 'namespaces' && !kind.clusterWide) {
    return fail('unknown-namespace', `The cluster at ${place.server} has no namespace ${place.namespace}.`, {
      found: place.namespace,
    });
  }
  if (said.details['name'] !== undefined) return refused(asked, 404, said);
  return fail('unsupported', `The cluster at ${place.server} knows no ${kind.kind} of ${kind.apiVersion}.`, {
    hint:
      kind.kind === 'HTTPRoute'
        ? 'install the Gateway API there, or give the home `ingress` in place of `gateway`'
        : 'rehome wants a newer Kubernetes',
  });
}

interface FieldConflict {
  readonly manager: string;
  readonly field: string;
}

/** `conflict with "kubectl-edit" using apps/v1 at 2026-…`, one for every field. */
function fieldConflicts({ causes }: Said): readonly FieldConflict[] {
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({
      manager: /conflict with "([^"]*)"/.exec(text(message) ?? '')?.[1] ?? 'somebody',
      field: (text(field) ?? '').replace(/^\./, ''),
    }));
}

function conflict(asked: Asked, said: Said): Failure {
  const conflicts = fieldConflicts(said);
  if (conflicts.length === 0) return refused(asked, 409, said, 'conflict');
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  const held = managers.map((manager) => {
    const fields = conflicts.filter((one) => one.manager === manager).map(({ field }) => field);
    return `${manager} manages ${fields.join(', ')}`;
  });
  return fail('conflict', `${subject(asked)} was not written: ${held.join('; ')}.`, {
    found: managers.join(', '),
    hint: 'take the change into the manifest, or name the manager in `take_over` of the home to overwrite it',
  });
}

function missed({ kind }: Asked): Failure {
  return fail(
    'changes-missed',
    `The cluster no longer has all changes of ${kind.plural} since we last heard of it.`,
  );
}

function tooLarge(asked: Asked, said: Said): Failure {
  return fail('too-large', `${subject(asked)} is larger than the cluster takes.`, {
    found: said.message,
    expected: 'at most 1.5 MB for one object',
  });
}

function busy({ place }: Asked, said: Said): Failure {
  return fail('server-error', `The cluster at ${place.server} has too much to do.`, {
    found: `HTTP 429: ${said.message}`,
    hint: 'try again later',
  });
}

function broken({ verb, kind, place }: Asked, status: number, { message }: Said): Failure {
  const what = `The cluster at ${place.server} answers ${status} to ${verb} ${kind.plural}`;
  return fail('server-error', `${what}: ${message || 'no reason given'}.`, { found: `HTTP ${status}` });
}

/** Validation, admission, quota: the server's own words say it best. */
function refused(
  asked: Asked,
  status: number,
  { message, causes }: Said,
  code: 'refused' | 'conflict' = 'refused',
): Failure {
  const fields = causes.flatMap(({ field, message: why }) =>
    text(field) === undefined ? [] : [`${text(field)}: ${text(why) ?? ''}`],
  );
  return fail(code, `The cluster does not take ${subject(asked)}: ${message}.`, {
    found: `HTTP ${status}`,
    ...(fields.length > 0 ? { details: fields.join('\n') } : {}),
  });
}

function subject({ kind, name }: Asked): string {
  return name === undefined ? `a ${kind.kind}` : `${kind.kind} ${name}`;
}
