import { findWhere } from '../manifest/where.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Home, LogLine, Resident } from '../platforms/platform.ts';
import { knowSecrets } from './know-secrets.ts';
import { unknownIn } from './known.ts';
import type { LogsRequest } from './operations.ts';
import { register } from './residence.ts';
import { connectAll } from './silent.ts';
import type { Wired } from './wired.ts';

/** Log lines of an app from the home on duty, or the one that is named. `unknown-version` where it does not run. */
export async function* logs(wired: Wired, request: LogsRequest): AsyncIterable<LogLine | Failure> {
  const { app, tail, follow, signal } = request;
  const home = await homeOf(wired, app, request.where);
  const resident = isFailure(home) ? home : await residentIn(home.home, app, request.where);
  if (isFailure(home)) return yield home;
  if (isFailure(resident)) return yield resident;
  await knowSecrets(wired, app, request.where);
  for await (const line of home.home.logs({ app, tail, follow, signal })) {
    yield isFailure(line) ? line : { ...line, line: wired.mask(line.line) };
  }
}

/** The live side of the one home that a question about an app goes to. */
export async function homeOf(wired: Wired, app: string, text: string) {
  const where = findWhere(wired.workspace, text);
  if (isFailure(where)) return where;
  const unknown = await unknownIn(wired, { app });
  if (unknown) return unknown;
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

/** An app as it is seen in a home. `unknown-version` where it is not there. */
export async function residentIn(home: Home, app: string, where: string): Promise<Resident | Failure> {
  const residents = await home.inventory();
  if (isFailure(residents)) return residents;
  return residents.find((resident) => resident.app === app) ?? notThere(app, where);
}

export function notThere(app: string, where: string): Failure {
  return fail('unknown-version', `${app} does not run in ${where}.`, {
    hint: `rehome deploy ${app}:VERSION -e ${where}`,
  });
}
