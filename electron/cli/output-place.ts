import { stat } from 'node:fs/promises';
import path from 'node:path';
import { JobFailed, Usage } from './client.ts';

/** Asked before work of minutes: the folder of an output must be there. Throws JobFailed as the service would. */
export async function assertWritablePlace(file: string): Promise<void> {
  const folder = path.dirname(file);
  if ((await stat(folder).catch(() => null))?.isDirectory()) return;
  const detail = `The folder ${folder} is not there. Make it first.`;
  throw new JobFailed({ type: 'about:blank', title: 'Output', status: 422, detail, code: 'OUTPUT_NOT_WRITABLE' });
}

/** An output never takes the place of what it is made of, by whatever name or link. Throws Usage. */
export async function assertOtherFile(out: string, inputs: readonly string[]): Promise<void> {
  const there = await stat(out).catch(() => null);
  for (const input of inputs) {
    const read = await stat(input).catch(() => null);
    if (out !== input && !(there && read && there.dev === read.dev && there.ino === read.ino)) continue;
    throw new Usage(`--out ${out} would write over what is read: choose another name`);
  }
}
