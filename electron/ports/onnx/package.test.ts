import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelsFolder } from '../../models-folder.ts';
import { grid, identityModel, onnxModel, value } from './onnx-writer.fixture.ts';
import { readModelPackage } from './package.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-package-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let count = 0;

/** unet-b's folder copied, its card changed by `change`; with `bytes`, another model under a card that names it truly. */
async function changed(change: (card: CardLike) => void, bytes?: Uint8Array): Promise<string> {
  const into = path.join(folder, `models-${count++}`, 'unet-b');
  await cp(path.join(modelsFolder(), 'unet-b'), into, { recursive: true });
  await cp(path.join(modelsFolder(), 'parity', 'unet-b'), path.join(into, '..', 'parity', 'unet-b'), { recursive: true });
  const card = JSON.parse(await readFile(path.join(into, 'card.json'), 'utf8')) as CardLike;
  if (bytes) {
    await writeFile(path.join(into, 'model.onnx'), bytes);
    Object.assign(card.file, { sha256: sha256(bytes), bytes: bytes.length });
  }
  change(card);
  await writeFile(path.join(into, 'card.json'), JSON.stringify(card));
  return into;
}
interface CardLike {
  file: Record<string, unknown>;
  input: Record<string, unknown> & { shape: unknown[] };
  outputs: { name: string; dtype?: string; shape: unknown[]; classes?: string[] }[];
  [key: string]: unknown;
}
const refusal = (code: string, words?: RegExp) =>
  expect.objectContaining({ name: 'Refusal', code, ...(words ? { message: expect.stringMatching(words) } : {}) });

describe('model package', () => {
  test.each(['orbit', 'unet-b', 'unet-c-cortical', 'unet-c-thin'])(
    '[12-package] %s fits its card and brings a known answer',
    async (id) => {
      const reading = await readModelPackage(path.join(modelsFolder(), id));
      expect(reading).toMatchObject({ card: { id }, opset: 17, model: { inputName: 'hu', external: false } });
      expect(reading.knownAnswer?.outputs.length).toBe(reading.card?.outputs.length);
      expect(reading.model.sha256).toBe(reading.card?.file.sha256);
    },
  );

  const flipped = async () => {
    const into = await changed(() => {});
    const bytes = await readFile(path.join(into, 'model.onnx'));
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path.join(into, 'model.onnx'), bytes);
    return into;
  };
  test('[12-package] one bit of the weights changed: refused by its hash', async () => {
    await expect(readModelPackage(await flipped())).rejects.toEqual(refusal('INVALID_MODEL', /another SHA-256/));
  });

  const threeInputs = () =>
    onnxModel({ nodes: [], inputs: [value('hu', [1, 1, ...grid]), value('b', [1])], outputs: [value('probability', [1, 2, ...grid])] });
  const withTypes = (input: number, output: number) =>
    onnxModel({ nodes: [], inputs: [value('hu', [1, 1, ...grid], input)], outputs: [value('probability', [1, 2, ...grid], output)] });
  const withShapes = (input: (string | number)[], output: (string | number)[]) =>
    onnxModel({ nodes: [], inputs: [value('hu', input)], outputs: [value('probability', output)] });
  test.each<[string, string, (card: CardLike) => void, Uint8Array | undefined]>([
    ['another operator set', 'INVALID_MODEL', (c) => Object.assign(c.file, { opset: 16 }), undefined],
    ['another number of bytes', 'INVALID_MODEL', (c) => Object.assign(c.file, { bytes: 5 }), undefined],
    ['another file name', 'INVALID_MODEL', (c) => Object.assign(c.file, { name: 'other.onnx' }), undefined],
    ['a card that lacks a field', 'INVALID_MODEL', (c) => Object.assign(c, { memory: undefined }), undefined],
    ['an input of another name', 'MODEL_SHAPE_MISMATCH', (c) => Object.assign(c.input, { name: 'x' }), undefined],
    [
      'another number of classes',
      'MODEL_SHAPE_MISMATCH',
      (c) => Object.assign(c.outputs[0]!, { shape: [1, 3, ...grid], classes: ['background', 'a', 'b'] }),
      undefined,
    ],
    [
      'an output that the model lacks',
      'MODEL_SHAPE_MISMATCH',
      (c) => void c.outputs.push({ name: 'z', dtype: 'float32', shape: [1, 1, ...grid] }),
      undefined,
    ],
    ['an output that the card lacks', 'MODEL_SHAPE_MISMATCH', (c) => Object.assign(c.outputs[0]!, { name: 'p' }), undefined],
    ['a second input', 'MODEL_SHAPE_MISMATCH', () => {}, threeInputs()],
    ['an input of int64', 'MODEL_SHAPE_MISMATCH', () => {}, withTypes(7, 1)],
    ['an output of float16', 'MODEL_SHAPE_MISMATCH', () => {}, withTypes(1, 10)],
    ['a fixed width', 'MODEL_SHAPE_MISMATCH', () => {}, withShapes([1, 1, 'D', 'H', 512], [1, 2, ...grid])],
    ['three channels', 'MODEL_SHAPE_MISMATCH', () => {}, withShapes([1, 3, ...grid], [1, 2, ...grid])],
    ['an output of rank 4', 'MODEL_SHAPE_MISMATCH', () => {}, withShapes([1, 1, ...grid], [1, 2, 'H', 'W'])],
  ])('[12-package] refused: %s', async (_, code, change, bytes) => {
    await expect(readModelPackage(await changed(change, bytes))).rejects.toEqual(refusal(code));
  });

  test('a known answer that was exchanged is refused, a package without one says so', async () => {
    const into = await changed(() => {});
    const parity = path.join(into, '..', 'parity', 'unet-b');
    await writeFile(path.join(parity, 'hu.bin'), new Uint8Array(4));
    await expect(readModelPackage(into)).rejects.toEqual(refusal('INVALID_MODEL', /hu\.bin/));
    await rm(parity, { recursive: true });
    expect((await readModelPackage(into)).knownAnswer).toBeNull();
  });

  const external = (location: string, extra: Record<string, string> = {}) =>
    onnxModel({
      nodes: [{ type: 'Mul', inputs: ['hu', 's'], outputs: ['y'] }],
      initialisers: [{ name: 's', dimensions: [2], external: { location, ...extra } }],
    });
  async function bare(bytes: Uint8Array, files: Record<string, number> = {}): Promise<string> {
    const into = path.join(folder, `bare-${count++}`, 'in');
    await mkdir(into, { recursive: true });
    await writeFile(path.join(into, 'm.onnx'), bytes);
    for (const [name, size] of Object.entries(files)) await writeFile(path.join(into, name), new Uint8Array(size));
    return path.join(into, 'm.onnx');
  }
  test.each(['../w.bin', '/etc/w.bin', 'C:\\w.bin', '..\\w.bin', 'a/../../w.bin', '\\\\host\\w.bin', 'w.bin\0x'])(
    '[12-package] weights at %j are never read',
    async (location) => {
      await expect(readModelPackage(await bare(external(location), { '../w.bin': 8 }))).rejects.toEqual(refusal('PATH_ESCAPE'));
    },
  );
  test('[12-package] weights behind a link out of the folder are never read', async () => {
    const file = await bare(external('w.bin'), { '../outside.bin': 8 });
    await symlink(path.join(path.dirname(file), '..', 'outside.bin'), path.join(path.dirname(file), 'w.bin'));
    await expect(readModelPackage(file)).rejects.toEqual(refusal('PATH_ESCAPE'));
  });
  test('[12-package] external weights: whole ones are read, missing and short ones refused', async () => {
    await expect(readModelPackage(await bare(external('w.bin'), { 'w.bin': 8 }))).resolves.toMatchObject({ model: { external: true } });
    await expect(readModelPackage(await bare(external('w.bin', { offset: '4' }), { 'w.bin': 8 }))).rejects.toEqual(
      refusal('INVALID_MODEL'),
    );
    await expect(readModelPackage(await bare(external('w.bin')))).rejects.toEqual(refusal('INVALID_MODEL', /not there/));
  });
  test('[12-package] a package is one model file: weights beside it are refused, whether its card names them or not', async () => {
    const weights = new Uint8Array(8);
    const bytes = onnxModel({
      nodes: [{ type: 'Mul', inputs: ['hu', 's'], outputs: ['probability'] }],
      initialisers: [{ name: 's', dimensions: [2], external: { location: 'w.bin' } }],
      outputs: [value('probability', [1, 2, ...grid])],
    });
    for (const external of [undefined, [{ name: 'w.bin', sha256: sha256(weights) }]]) {
      const into = await changed((c) => Object.assign(c.file, { external }), bytes);
      await writeFile(path.join(into, 'w.bin'), weights);
      await expect(readModelPackage(into)).rejects.toEqual(refusal('INVALID_MODEL', /keeps weights in w\.bin.*weights inside/));
    }
  });

  test('a folder without a card stands for its one model; a path that is not there is NOT_FOUND', async () => {
    const file = await bare(identityModel());
    expect((await readModelPackage(path.dirname(file))).card).toBeNull();
    await cp(file, path.join(path.dirname(file), 'n.onnx'));
    await expect(readModelPackage(path.dirname(file))).rejects.toEqual(refusal('INVALID_MODEL', /2 models/));
    await expect(readModelPackage(path.join(folder, 'nothing.onnx'))).rejects.toEqual(refusal('NOT_FOUND'));
  });
});
