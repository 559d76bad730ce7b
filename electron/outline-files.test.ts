import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseState } from '../contract/case.ts';
import type { Markup } from '../contract/markups.ts';
import type { ObjectExportResult, ObjectImportResult } from '../contract/object-files.ts';
import { caseVerbs } from './cli/case-verbs.ts';
import { type Client, createClient } from './cli/client.ts';
import { contourVerbs } from './cli/contour-verbs.ts';
import { fileVerbs } from './cli/file-verbs.ts';
import { objectVerbs } from './cli/object-verbs.ts';
import { segmentVerbs } from './cli/segment-verbs.ts';
import { createHost, type Host } from './host.ts';

/** Outlines of a whole skull, out and back, as a script does it. */
let folder = '';
let host: Host;
let client: Client;
let id = '';
const at = (name: string) => path.join(folder, name);
const dir = () => at('head.lamina');
const verbs = { ...fileVerbs, ...caseVerbs, ...segmentVerbs, ...contourVerbs, ...objectVerbs };
const run = async <T = Record<string, unknown>>(verb: string, ...args: string[]): Promise<T> =>
  (await verbs[verb]!.run(client, args)).json as T;
const state = () => client.get<CaseState>(`/api/cases/${id}`);
const exported = (kind: string, name: string, segment: string) =>
  run<ObjectExportResult>('export', '--case', dir(), '--as', kind, '--out', at(name), '--segment', segment);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-outlines-'));
  host = await createHost({ shell: 'cli', log: () => {} });
  client = createClient(host.service.fetch);
  await run('phantom', '--seed', '3', '--size', 'small', '--out', at('phantom'));
  await run('import', path.join(at('phantom'), 'dicom'), '--case', dir());
  id = await client.openCase(dir());
  await run('segment', '--case', dir(), '--method', 'threshold', '--set', 'lowHu=900', '--name', 'Dense');
  await run('segment', '--case', dir(), '--method', 'threshold', '--set', 'lowHu=300', '--name', 'Skull');
}, 120_000);
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('outlines of a whole segment in files for other programs', () => {
  test('[P-export] a file with the segment leaves them out and says so; without it they are in it and come back', async () => {
    const { markups } = await run<{ markups: Markup[] }>('contours', '--case', dir(), '--segment', 'Skull');
    expect(markups.length).toBeGreaterThan(20);
    for (const kind of ['sr', 'aim', 'rtstruct']) {
      const out = await exported(kind, `with.${kind}`, 'Skull');
      expect(out.markups).toBe(0);
      expect(out.findings[0]!.text).toContain(`${markups.length} outlines of Skull were left out: `);
    }
    const other = await exported('rtstruct', 'other.rtstruct', 'Dense');
    expect(other.markups).toBe(markups.length);
    expect(other.findings.map(({ text }) => text).join(' ')).not.toContain('left out');
    expect((await state()).markups).toHaveLength(markups.length);
    await client.send('POST', `/api/cases/${id}/undo`, {});
    expect((await state()).markups).toEqual([]);
    const back = await run<ObjectImportResult>('load', at('other.rtstruct'), '--case', dir());
    expect(back.segments).toMatchObject([{ name: 'Dense', changed: 0 }]);
    expect(back.markups).toEqual(markups.map((one) => one.name));
  });
});
