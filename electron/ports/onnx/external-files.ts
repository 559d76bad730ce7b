import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import type { ExternalPart } from './tensors.ts';

/** A name that stays in its folder on every platform. */
const isInside = (location: string) =>
  !/^([\\/]|[A-Za-z]:)|\0/.test(location) && location.split(/[\\/]/).every((part) => part !== '..') && !path.isAbsolute(location);

const outside = (location: string) =>
  new Refusal(
    'PATH_ESCAPE',
    `The model keeps weights at ${JSON.stringify(location.slice(0, 120))}, outside of its own folder. Such a file is never read: export the model with its weights inside.`,
  );

/** The sizes of the external files, by location. Looks at no file before every location is known to stay in the folder. */
async function sizesOf(folder: string, parts: ExternalPart[]): Promise<Map<string, { file: string; size: number }>> {
  for (const { location } of parts) if (!isInside(location)) throw outside(location);
  const root = await realpath(folder);
  const out = new Map<string, { file: string; size: number }>();
  for (const { location, tensor } of parts) {
    if (out.has(location)) continue;
    const file = await realpath(path.join(root, location)).catch(() => {
      throw new Refusal('INVALID_MODEL', `The weights of ${tensor} should lie in ${location}, which is not there. Copy the whole package.`);
    });
    const way = path.relative(root, file);
    if (way.startsWith('..') || path.isAbsolute(way)) throw outside(location);
    const { size } = await stat(file);
    out.set(location, { file, size });
  }
  return out;
}

/**
 * Holds the external weights of a model against its folder.
 * @throws Refusal PATH_ESCAPE where a location is absolute or leaves the folder (also by a link), INVALID_MODEL where a file is missing or short
 */
export async function checkExternal(folder: string, parts: ExternalPart[]): Promise<void> {
  if (!parts.length) return;
  const sizes = await sizesOf(folder, parts);
  for (const part of parts) {
    const { size } = sizes.get(part.location)!;
    if (part.offset + part.bytes > size)
      throw new Refusal(
        'INVALID_MODEL',
        `The weights of ${part.tensor} need ${part.offset + part.bytes} bytes of ${part.location}, which has ${size}. Copy the whole package.`,
      );
  }
}
