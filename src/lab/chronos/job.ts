import { asFlag, asInteger, asList, asNumber, asObject, asText, type Fields } from './lenient.ts';

/** A job as Chronos 3 keeps it (C:scheduler/jobs/Jobs). Counters and times belong to it. */
export interface Job {
  readonly name: string;
  readonly command: string;
  readonly shell: boolean;
  readonly executor: string;
  readonly executorFlags: string;
  readonly taskInfoData: string;
  readonly retries: number;
  readonly owner: string;
  readonly ownerName: string;
  readonly description: string;
  readonly successCount: number;
  readonly errorCount: number;
  /** ISO 8601, empty where there was none. */
  readonly lastSuccess: string;
  readonly lastError: string;
  readonly cpus: number;
  /** MiB. */
  readonly disk: number;
  /** MiB. */
  readonly mem: number;
  readonly disabled: boolean;
  readonly softError: boolean;
  readonly dataProcessingJobType: boolean;
  readonly errorsSinceLastSuccess: number;
  readonly fetch: readonly Fetch[];
  readonly uris: readonly string[];
  readonly environmentVariables: readonly Variable[];
  readonly arguments: readonly string[];
  readonly highPriority: boolean;
  readonly runAsUser: string;
  readonly concurrent: boolean;
  /** Seconds; 0 is no limit. */
  readonly maxCompletionTime: number;
  readonly container?: Container;
  readonly constraints: readonly (readonly string[])[];
  /** Only 2.x makes use of these two; they are kept and shown under its paths. */
  readonly epsilon: string;
  readonly async: boolean;
  /** Jobs whose success starts this one; then it has no schedule. */
  readonly parents?: readonly string[];
  readonly schedule?: string;
  readonly scheduleTimeZone?: string;
}

interface Fetch {
  readonly uri: string;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly extract: boolean;
  readonly output_file?: string;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

interface Container {
  readonly type: string;
  readonly image: string;
  readonly network: string;
  readonly networkName?: string;
  readonly volumes: readonly unknown[];
  readonly forcePullImage: boolean;
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
}

/** What runs where a body gives neither a schedule nor parents: once, now. */
const once = 'R1//PT24H';

/** A job out of a body, with Chronos' defaults. Counters come from the body: a body without them resets them. */
export function readJob(body: Fields): Job {
  const container = asObject(body['container']);
  const parents = body['parents'];
  return {
    name: asText(body['name'], '-'),
    command: asText(body['command'], ''),
    shell: asFlag(body['shell'], true),
    executor: asText(body['executor'], ''),
    executorFlags: asText(body['executorFlags'], ''),
    taskInfoData: asText(body['taskInfoData'], ''),
    retries: asInteger(body['retries'], 2),
    owner: asText(body['owner'], ''),
    ownerName: asText(body['ownerName'], ''),
    description: asText(body['description'], ''),
    successCount: asInteger(body['successCount'], 0),
    errorCount: asInteger(body['errorCount'], 0),
    lastSuccess: asText(body['lastSuccess'], ''),
    lastError: asText(body['lastError'], ''),
    cpus: asNumber(body['cpus'], 0.1),
    disk: asNumber(body['disk'], 256),
    mem: asNumber(body['mem'], 128),
    disabled: asFlag(body['disabled'], false),
    softError: asFlag(body['softError'], false),
    dataProcessingJobType: asFlag(body['dataProcessingJobType'], false),
    errorsSinceLastSuccess: asInteger(body['errorsSinceLastSuccess'], 0),
    fetch: asList(body['fetch'], readFetch),
    uris: asList(body['uris'], (uri) => asText(uri, '')),
    environmentVariables: asList(body['environmentVariables'], readVariable),
    arguments: asList(body['arguments'], (argument) => asText(argument, '')),
    highPriority: asFlag(body['highPriority'], false),
    runAsUser: asText(body['runAsUser'], ''),
    concurrent: asFlag(body['concurrent'], false),
    maxCompletionTime: asInteger(body['maxCompletionTime'], 0),
    ...(container ? { container: readContainer(container) } : {}),
    constraints: asList(body['constraints'], (one) => asList(one, (word) => asText(word, ''))),
    epsilon: asText(body['epsilon'], 'PT60S'),
    async: asFlag(body['async'], false),
    ...(parents === undefined
      ? {
          schedule: asText(body['schedule'], once),
          scheduleTimeZone: asText(body['scheduleTimeZone'], ''),
        }
      : { parents: [...new Set(asList(parents, (parent) => asText(parent, '')))] }),
  };
}

function readFetch(value: unknown): Fetch {
  const fields = asObject(value) ?? {};
  const output = asText(fields['output_file'], '');
  return {
    uri: asText(fields['uri'], ''),
    executable: asFlag(fields['executable'], false),
    cache: asFlag(fields['cache'], false),
    extract: asFlag(fields['extract'], true),
    ...(output ? { output_file: output } : {}),
  };
}

function readVariable(value: unknown): Variable {
  const fields = asObject(value) ?? {};
  return { name: asText(fields['name'], ''), value: asText(fields['value'], '') };
}

function readContainer(fields: Fields): Container {
  const networkName = asText(fields['networkName'], '');
  return {
    type: asText(fields['type'], 'DOCKER').toUpperCase(),
    image: asText(fields['image'], ''),
    network: asText(fields['network'], 'HOST').toUpperCase(),
    ...(networkName ? { networkName } : {}),
    volumes: asList(fields['volumes'], (volume) => volume),
    forcePullImage: asFlag(fields['forcePullImage'], false),
    parameters: asList(fields['parameters'], (one) => {
      const parameter = asObject(one) ?? {};
      return { key: asText(parameter['key'], ''), value: asText(parameter['value'], '') };
    }),
  };
}

/** A job as the API writes it, in Chronos' order of fields; 2.x has two more of them. */
export function showJob(job: Job, generation: 2 | 3): unknown {
  const { epsilon, async, parents, schedule, scheduleTimeZone, container, constraints, ...rest } = job;
  return {
    ...rest,
    ...(generation === 2 ? { epsilon, async } : {}),
    ...(container ? { container } : {}),
    constraints,
    ...(parents ? { parents } : { schedule, scheduleTimeZone }),
  };
}

/** `success`, `failure`, or `fresh` for one that never ran. */
export function lastOutcome({ lastSuccess, lastError }: Job): 'success' | 'failure' | 'fresh' {
  if (!lastSuccess && !lastError) return 'fresh';
  if (!lastError) return 'success';
  return lastSuccess !== '' && Date.parse(lastSuccess) > Date.parse(lastError) ? 'success' : 'failure';
}
