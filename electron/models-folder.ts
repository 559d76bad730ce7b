import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the model packages lie: LAMINA_MODELS, beside a packed program's archive (native code cannot read inside of it), or the
 * repository's own folder, one above this file and one above a bundle.
 */
export function modelsFolder(): string {
  if (process.env.LAMINA_MODELS) return process.env.LAMINA_MODELS;
  const { resourcesPath } = process as unknown as { resourcesPath?: string };
  const packed = resourcesPath && join(resourcesPath, 'models');
  if (packed && existsSync(packed)) return packed;
  return join(dirname(fileURLToPath(import.meta.url)), '..', 'models');
}
