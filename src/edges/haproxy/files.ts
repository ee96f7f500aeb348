import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Failure, fail } from '../../model/failure.ts';
import { renderLua } from './lua.ts';
import type { HaproxyModel } from './model.ts';
import type { Place } from './place.ts';
import { renderConfig, renderMap } from './render.ts';

/**
 * Writes all that HAProxy reads when it starts or is reloaded, each file whole or not at all. Failure:
 * `file-unusable`.
 */
export async function writeFiles(place: Place, model: HaproxyModel): Promise<undefined | Failure> {
  const texts = [
    [place.lua, renderLua(model.paths.map)],
    [place.map, renderMap(model)],
    [place.config, renderConfig(model)],
  ] as const;
  for (const [path, text] of texts) {
    const failure = await writeWhere(path, text);
    if (failure) return failure;
  }
  return undefined;
}

async function writeWhere(path: string, text: string): Promise<undefined | Failure> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return undefined;
  try {
    await writeFile(`${path}.tmp`, text);
    await rename(`${path}.tmp`, path);
    return undefined;
  } catch (error) {
    return fail('file-unusable', `${path} cannot be written.`, { found: String(error) });
  }
}
