import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelEntry, modelEntry } from '../../contract/model.ts';
import { createHost, type Host } from '../host.ts';
import { identityModel } from '../ports/onnx/onnx-writer.fixture.ts';
import { writePackage } from '../processes/models.fixture.ts';
import { createClient, JobFailed } from './client.ts';
import { modelVerbs } from './model-verbs.ts';

let folder = '';
let host: Host;
const before = { ...process.env };
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-verbs-'));
  await writePackage(folder);
  process.env.LAMINA_MODELS = folder;
  process.env.LAMINA_PROVIDER = 'cpu';
  host = await createHost({ shell: 'cli', log: () => {} });
});
afterAll(async () => {
  await host.close();
  process.env.LAMINA_MODELS = before.LAMINA_MODELS;
  process.env.LAMINA_PROVIDER = before.LAMINA_PROVIDER;
  if (before.LAMINA_MODELS === undefined) delete process.env.LAMINA_MODELS;
  if (before.LAMINA_PROVIDER === undefined) delete process.env.LAMINA_PROVIDER;
  await rm(folder, { recursive: true, force: true });
});
const run = (verb: string, ...argv: string[]) => modelVerbs[verb]!.run(createClient(host.service.fetch), argv);

describe('models from the command line', () => {
  test('[12-package] [12-risk] models lists what is on the disk, with its wording and its risks', async () => {
    const { json, text } = await run('models', '--json');
    const { models } = json as { models: ModelEntry[] };
    expect(models.map((m) => modelEntry.parse(m))).toEqual(models);
    expect(models).toMatchObject([{ id: 'tiny', state: 'found', licence: 'Apache-2.0', risks: ['none known', 'a test'] }]);
    expect(text).toMatch(/tiny: found/);
  });

  test('[12-process] models --deploy takes one through the four steps and says what runs it', async () => {
    const { json, text, exitCode } = await run('models', '--deploy', 'tiny');
    expect(json).toMatchObject({ id: 'tiny', state: 'enabled', provider: 'cpu' });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/known-answer passed[\s\S]*environment passed/);
    await expect(run('models', '--deploy', 'nobody')).rejects.toBeInstanceOf(JobFailed);
  });

  test('[12-package] check-model says load with exit 0, reject with exit 3 and why', async () => {
    const good = path.join(folder, 'good.onnx');
    await writeFile(good, identityModel());
    expect(await run('check-model', good, '--json')).toMatchObject({ json: { outcome: 'load', reasons: [], warnings: [] }, exitCode: 0 });
    const bad = path.join(folder, 'bad.onnx');
    await writeFile(bad, 'no model');
    expect(await run('check-model', bad)).toMatchObject({
      json: { outcome: 'reject', reasons: [{ code: 'INVALID_MODEL' }], warnings: [] },
      exitCode: 3,
      text: expect.stringMatching(/^INVALID_MODEL: /),
    });
    expect(await run('check-model', path.join(folder, 'tiny'))).toMatchObject({ json: { outcome: 'load' } });
    await expect(run('check-model')).rejects.toThrow(/name one file or folder/);
  });

  test('the window says how many networks there are, and what they are worth', async () => {
    const about = await createClient(host.service.fetch).get<{ networks: string }>('/api/about');
    expect(about.networks).toBe('1 network, trained on procedural phantoms only');
  });
});
