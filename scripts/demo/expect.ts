import type { Shell } from './shell.ts';

interface Deployment {
  readonly deployment: string;
  readonly status: string;
  readonly failure?: { message: string; details?: string };
}

export async function expectExit(shell: Shell, code: number, line: string): Promise<void> {
  const ran = await shell.run(line);
  expect(ran.code === code, `\`${line}\` ended with ${ran.code}, not ${code}:\n${ran.text}`);
}

export async function expectVersion(
  shell: Shell,
  app: string,
  version: string,
  where = 'test1',
): Promise<void> {
  const found = (await versions(shell, where))[app];
  expect(found === version, `${app} in ${where} is ${found}, not ${version}`);
}

interface Status {
  readonly apps: readonly {
    readonly app: string;
    readonly address?: string;
    readonly homes: readonly { readonly version?: string }[];
  }[];
}

export async function versions(shell: Shell, where: string): Promise<Record<string, string | undefined>> {
  const { apps } = await shell.look<Status>(`status -e ${where}`);
  return Object.fromEntries(apps.map(({ app, homes }) => [app, homes[0]?.version]));
}

export async function addressOf(shell: Shell, app: string): Promise<string> {
  const { apps } = await shell.look<Status>(`status ${app} -e test1`);
  const address = apps[0]?.address;
  if (address === undefined) throw new Error(`${app} has no address`);
  return address;
}

/** The deployment that was begun last. */
export async function latest(shell: Shell, app: string, where: string): Promise<Deployment> {
  const { deployments } = await shell.look<{ deployments: Deployment[] }>(`history ${app} -e ${where}`);
  const [last] = deployments;
  if (!last) throw new Error(`${app} has no history in ${where}`);
  return last;
}

export function same(a: object = {}, b: object = {}): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

export function expect(holds: boolean, why: string): void {
  if (!holds) throw new Error(why);
}
