import path from 'node:path';
import { meshKindOf } from '../../contract/mesh.ts';
import { type Client, Usage } from './client.ts';

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

/** A path that says by its extension which kind of model file is to be written. Throws Usage where it is none. */
export function modelPath(file: string): string {
  if (!meshKindOf(file)) throw new Usage(`--out ${file} must end in .stl, .ply, .obj or .3mf, which says what is written`);
  return absolute(file);
}
