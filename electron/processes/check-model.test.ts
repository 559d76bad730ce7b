import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { modelsFolder } from '../models-folder.ts';
import { sharedSets, unpackedSeries } from '../ports/dicom/shared-series.ts';
import { convolutionModel, greedyModel, grid, identityModel, onnxModel, value } from '../ports/onnx/onnx-writer.fixture.ts';
import { forkNodeChild } from './child.ts';
import { writePackage } from './models.fixture.ts';
import { createModels } from './models.ts';
import { createCompute } from './pool.ts';

interface Expectation {
  outcome: 'load' | 'reject';
  reason_code?: string;
  also_acceptable?: { outcome: string; reason_code?: string }[];
  max_seconds?: number;
  max_rss_growth_mib?: number;
}
interface Case {
  id: string;
  kind: string;
  dir: string;
  odd: string;
  expect: Expectation;
  files: { path: string }[];
}
const cases: Case[] = sharedSets
  ? (JSON.parse(readFileSync(path.join(sharedSets, 'dicom-torture', 'cases.json'), 'utf8')) as { cases: Case[] }).cases.filter(
      (item) => item.kind === 'onnx',
    )
  : [];

const compute = createCompute(forkNodeChild, () => {});
const models = createModels({ folder: modelsFolder(), fork: forkNodeChild, compute, log: () => {}, provider: 'cpu' });
const folder = mkdtempSync(path.join(tmpdir(), 'lamina-check-'));
afterAll(async () => {
  await models.close();
  compute.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The most that a process has held so far, in MiB; 0 where the system does not say. */
function peakMiB(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

describe.skipIf(!sharedSets)('torture set, models', () => {
  test('the set has models', () => expect(cases.length).toBeGreaterThan(8));

  for (const item of cases)
    test(`[12-package] ${item.id}: ${item.odd}`, async () => {
      const at = path.join(unpackedSeries(), 'dicom-torture', 'dicom-torture', item.dir);
      const file = path.join(at, item.files.find((f) => f.path.endsWith('.onnx'))!.path);
      for (const given of [file, at]) {
        const before = [peakMiB(compute.pid), peakMiB(models.pid)];
        const start = performance.now();
        const { outcome, reasons, warnings } = await models.check(given);
        const { expect: wanted } = item;
        expect(outcome).toBe(wanted.outcome);
        // The same code may stand twice, for an input and an output.
        expect([...new Set(reasons.map((r) => r.code))]).toEqual(wanted.outcome === 'reject' ? [wanted.reason_code] : []);
        expect(warnings).toEqual([]);
        // A hang or a bomb, not a speed: limits of the case.
        expect((performance.now() - start) / 1000).toBeLessThan(wanted.max_seconds ?? 60);
        for (const [n, pid] of [compute.pid, models.pid].entries())
          if (before[n]) expect(peakMiB(pid) - before[n]!).toBeLessThan(wanted.max_rss_growth_mib ?? 512);
      }
    });
});

describe('check-model', () => {
  const check = (name: string, bytes: Uint8Array) => {
    const file = path.join(folder, `${name}.onnx`);
    writeFileSync(file, bytes);
    return models.check(file);
  };
  const code = async (name: string, bytes: Uint8Array) => (await check(name, bytes)).reasons.map((r) => r.code);

  test('[12-package] a small good model loads', async () => {
    expect(await check('identity', identityModel())).toEqual({ outcome: 'load', reasons: [], warnings: [] });
    expect(await check('convolution', convolutionModel())).toEqual({ outcome: 'load', reasons: [], warnings: [] });
  });

  test.each(['orbit', 'unet-c-thin'])('[12-package] the package %s loads', async (id) => {
    expect(await models.check(path.join(modelsFolder(), id))).toEqual({ outcome: 'load', reasons: [], warnings: [] });
  });

  test('[12-package] [12-process] check-model and the deployment process agree about the known answer', async () => {
    const outcomes: Record<string, unknown> = {};
    for (const knownAnswer of ['right', 'wrong', null] as const) {
      const packages = mkdtempSync(path.join(folder, 'p-'));
      const own = createModels({ folder: packages, fork: forkNodeChild, compute, log: () => {}, provider: 'cpu' });
      try {
        const { outcome, reasons, warnings } = await own.check(await writePackage(packages, { knownAnswer }));
        const { state, reasons: why } = await own.deploy('tiny');
        const codes = (list: { code: string }[]) => list.map((r) => r.code);
        outcomes[String(knownAnswer)] = [outcome, codes(reasons), codes(warnings), state, codes(why)];
        if (knownAnswer === null)
          expect(warnings[0]?.message).toMatch(/brings no known answer: it can be looked at but will not be deployed/);
      } finally {
        await own.close();
      }
    }
    expect(outcomes).toEqual({
      right: ['load', [], [], 'enabled', []],
      wrong: ['reject', ['INVALID_MODEL_OUTPUT'], [], 'refused', ['INVALID_MODEL_OUTPUT']],
      null: ['load', [], ['INVALID_MODEL'], 'refused', ['INVALID_MODEL']],
    });
  });

  test('[12-package] a package whose least tile is above the bound is refused, as on deployment', async () => {
    const into = await writePackage(mkdtempSync(path.join(folder, 'p-')), { widestFloatsPerVoxel: 1e6 });
    expect(await models.check(into)).toMatchObject({ outcome: 'reject', reasons: [{ code: 'OUT_OF_MEMORY' }] });
  });

  test.skipIf(process.platform !== 'linux')(
    '[12-package] a tiny file that asks for gigabytes once it runs is ended and refused',
    async () => {
      const bytes = greedyModel(600_000_000n);
      expect(bytes.length).toBeLessThan(400);
      const { outcome, reasons } = await check('greedy', bytes);
      expect(outcome).toBe('reject');
      expect(reasons).toMatchObject([{ code: 'OUT_OF_MEMORY', message: expect.stringMatching(/more than 1\.5 GiB/) }]);
      // The process is started again for whoever is next.
      expect(await check('identity', identityModel())).toMatchObject({ outcome: 'load' });
    },
  );

  test('[12-package] an output of another size than the input is refused after the run', async () => {
    const model = onnxModel({
      nodes: [{ type: 'Slice', inputs: ['hu', 'from', 'to'], outputs: ['y'] }],
      initialisers: [
        { name: 'from', dimensions: [5], values: [0, 0, 0, 0, 0], type: 6 },
        { name: 'to', dimensions: [5], values: [1.4e-45, 1.4e-45, 2.8e-45, 2.8e-45, 2.8e-45], type: 6 },
      ],
      outputs: [value('y', [1, 1, ...grid])],
    });
    expect(await code('smaller', model)).toEqual(['INVALID_MODEL_OUTPUT']);
  });

  test('[12-package] a model that the runtime does not know is refused, and so is a path without a model', async () => {
    expect(await code('unknown', onnxModel({ nodes: [{ type: 'NoSuchOperator', inputs: ['hu'], outputs: ['y'] }] }))).toEqual([
      'INVALID_MODEL',
    ]);
    expect((await models.check(path.join(folder, 'not-there.onnx'))).reasons[0]?.code).toBe('NOT_FOUND');
  });

  test('a cancelled check ends as AbortError', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(models.check(path.join(modelsFolder(), 'orbit'), { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
