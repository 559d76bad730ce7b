import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Licences that a hospital's lawyers need not look at twice. */
const permissive = new Set(
  'MIT MIT-0 ISC Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD BlueOak-1.0.0 BSL-1.0 CC0-1.0 Unlicense Zlib Python-2.0 OFL-1.1 Artistic-2.0'.split(
    ' ',
  ),
);
/** Looked at one by one; none of them is part of the product's bundles. */
const accepted: Record<string, string> = {
  'caniuse-lite': 'CC-BY-4.0: browser tables, build time only',
  lightningcss: 'MPL-2.0: build time only, unchanged',
  'spdx-exceptions': 'CC-BY-3.0: list of names, build time only',
  'spdx-ranges': 'CC-BY-3.0: list of names, build time only',
  'truncate-utf8-bytes': 'WTFPL: packager, build time only',
};

interface Checked {
  licenses: string | string[];
  path: string;
}
const checker = createRequire(import.meta.url)('license-checker-rseidelsohn') as {
  init(options: object, done: (error: Error | null, found: Record<string, Checked>) => void): void;
};

/** True when a licence expression offers a permissive choice: every part of an AND, one part of an OR. */
export function isPermissive(expression: string): boolean {
  return expression
    .replace(/[()*]/g, '')
    .split(/\s+AND\s+/)
    .every((part) => part.split(/\s+OR\s+/).some((one) => permissive.has(one.trim())));
}

if (process.argv[1] === import.meta.filename) {
  const start = path.resolve(import.meta.dirname, '..');
  checker.init({ start, excludePrivatePackages: true }, (error, found) => {
    if (error) throw error;
    const refused = Object.entries(found).filter(([name, entry]) => {
      const plain = name.slice(0, name.lastIndexOf('@'));
      if (Object.keys(accepted).some((known) => plain === known || plain.startsWith(`${known}-`))) return false;
      return ![entry.licenses].flat().every(isPermissive);
    });
    for (const [name, entry] of refused) process.stdout.write(`${name}: ${entry.licenses}\n`);
    const { version } = JSON.parse(readFileSync(path.join(start, 'package.json'), 'utf8'));
    process.stdout.write(
      `lamina ${version}: ${Object.keys(found).length} packages, ${refused.length} with a licence that is not permissive\n`,
    );
    process.exitCode = refused.length ? 1 : 0;
  });
}
