import { readFileSync } from 'node:fs';

/** The product's version; package.json lies one folder above both the sources and the bundles. */
export const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
