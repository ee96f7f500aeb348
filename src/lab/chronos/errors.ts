import { json, type Reply } from '../http/message.ts';

/** Chronos' errors carry a Java stack trace; here is its first line, which is what tells something. */
export function badRequest(message: string): Reply {
  return json(400, { status: 'Bad Request', message });
}

export function requirementFailed(what: string): Reply {
  return badRequest(`java.lang.IllegalArgumentException: requirement failed: ${what}`);
}

export function serverError(message: string): Reply {
  return json(500, { status: 'Internal Server Error', message });
}

export function unknownJob(name: string): Reply {
  return requirementFailed(`Job '${name}' not found`);
}
