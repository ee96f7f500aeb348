import { findWhere } from '../manifest/where.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { LogLine } from '../platforms/platform.ts';
import type { LogsRequest } from './operations.ts';
import { connectAll } from './prepare.ts';
import { register } from './residence.ts';
import type { Wired } from './wired.ts';

/** Log lines of an app from the home on duty, or the one that is named. */
export async function* logs(wired: Wired, request: LogsRequest): AsyncIterable<LogLine | Failure> {
  const { app, tail, follow, signal } = request;
  const home = await homeOf(wired, app, request.where);
  if (isFailure(home)) yield home;
  else yield* home.home.logs({ app, tail, follow, signal });
}

/** The live side of the one home that a question about an app goes to. */
export async function homeOf(wired: Wired, app: string, text: string) {
  const where = findWhere(wired.workspace, text);
  if (isFailure(where)) return where;
  const registration = await register(wired, app, where);
  if (isFailure(registration)) return registration;
  const duty = registration.residence.homes.find((one) => one.duty)?.home;
  const chosen = registration.homes.find(({ name }) => name === duty) ?? registration.homes[0];
  const connected = await connectAll(wired, { ...registration, homes: chosen ? [chosen] : [] });
  if (isFailure(connected)) return connected;
  const [home] = connected.values();
  if (!home || !chosen) throw new Error(`${app} has no home`);
  return { ...home, name: chosen.name };
}
