import path from 'node:path';
import type { Client } from './client.ts';

export interface Outcome {
  json: unknown;
  text: string;
  exitCode?: number;
}
export interface Verb {
  synopsis: string;
  about: string;
  run(client: Client, argv: string[]): Promise<Outcome>;
}

export const absolute = (file: string): string => path.resolve(file);
