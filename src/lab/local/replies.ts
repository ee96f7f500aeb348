import { type Failure, isFailure } from '../../model/failure.ts';
import { type Handler, json, type Reply, type Request } from '../http/message.ts';
import { isName } from './input.ts';
import { keyOf } from './keys.ts';

/** Every refusal of the local API looks like this. */
export function refusal(status: number, code: string, message: string): Reply {
  return json(status, { error: { code, message } });
}

export function notFound(what: string, key: string): Reply {
  return refusal(404, 'not-found', `There is no ${what} ${key}.`);
}

export function refused(failure: Failure): Reply {
  return refusal(400, failure.code, failure.message);
}

/** A handler that gets the key `SCOPE/NAME` of its path; names that are none are refused with 400. */
export function keyed(handle: (key: string, request: Request) => Reply | Promise<Reply>): Handler {
  return (request) => {
    const { scope = '', name = '' } = request.params;
    if (isName(scope) && isName(name)) return handle(keyOf(scope, name), request);
    return refusal(
      400,
      'wrong-value',
      `Scopes and names are letters, digits, ., _ and -, not ${scope}/${name}.`,
    );
  };
}

/** The whole number of a query parameter, within bounds; a Failure becomes the answer. */
export function numberOf(request: Request, name: string, otherwise: number, most: number): number {
  const value = Number(request.query.get(name) ?? otherwise);
  return Number.isFinite(value) ? Math.max(0, Math.min(most, Math.floor(value))) : otherwise;
}

export function isOn(request: Request, name: string): boolean {
  const value = request.query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}

/** The answer of what may fail, or of its value. */
export function answered<T>(value: T | Failure, show: (value: T) => Reply): Reply {
  return isFailure(value) ? refused(value) : show(value);
}
