import { createHash } from 'node:crypto';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Coded, Refusal } from '../../../contract/errors.ts';
import { type ModelCard, modelCard } from '../../../contract/model.ts';
import type { KnownAnswer, ModelReading } from '../../processes/protocol.ts';
import { cardFaults, generalFaults } from './contract-fit.ts';
import { checkExternal } from './external-files.ts';
import { readOnnxHeader } from './header.ts';

const largestCardBytes = 4 * 1024 * 1024;
/** A protobuf message cannot be larger. */
const largestModelBytes = 2 ** 31 - 1;
const largestArrayBytes = 64 * 1024 * 1024;

const refuse = (message: string) => new Refusal('INVALID_MODEL', message);

async function readBounded(file: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw refuse(`${path.basename(file)} cannot be read (${error.code}). Copy the whole package.`);
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw refuse(`${path.basename(file)} is no file.`);
    if (status.size > limit) throw refuse(`${path.basename(file)} has ${status.size} bytes, more than a file of its kind can have.`);
    const bytes = new Uint8Array(status.size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(1 << 24, bytes.length - at), at);
      if (bytesRead === 0) throw refuse(`${path.basename(file)} became shorter while it was read.`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

function parseJson<T>(bytes: Uint8Array, schema: z.ZodType<T>, name: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuse(`${name} is no JSON. Copy the whole package again.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refuse(`${name}: ${issue?.path.join('.') || 'the card'}: ${issue?.message ?? 'not as a card is'}.`);
}

/** The model file that a path means: itself, the one that a folder's card names, or the one .onnx of a folder. */
async function locate(given: string): Promise<{ folder: string; file: string; card: ModelCard | null }> {
  const status = await stat(given).catch(() => {
    throw new Refusal('NOT_FOUND', `${given} does not exist.`);
  });
  const folder = status.isDirectory() ? given : path.dirname(given);
  const cardFile = path.join(folder, 'card.json');
  if (await exists(cardFile)) {
    const card = parseJson(await readBounded(cardFile, largestCardBytes), modelCard, 'card.json');
    const file = path.join(folder, card.file.name);
    if (!status.isDirectory() && path.basename(given) !== card.file.name && path.basename(given) !== 'card.json')
      throw refuse(`The card beside this file is that of ${card.file.name}. Keep a model and its card in a folder of their own.`);
    return { folder, file, card };
  }
  if (!status.isDirectory()) return { folder, file: given, card: null };
  const models = await onnxBelow(folder);
  if (models.length !== 1)
    throw refuse(
      models.length
        ? `The folder holds ${models.length} models and no card. Name one file.`
        : 'The folder holds no model.onnx and no card.json.',
    );
  return { folder: path.dirname(models[0]!), file: models[0]!, card: null };
}

async function onnxBelow(folder: string): Promise<string[]> {
  const out: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.slice(0, 1000)) {
    const below = path.join(folder, entry.name);
    if (entry.isFile() && entry.name.toLowerCase().endsWith('.onnx')) out.push(below);
    if (entry.isDirectory())
      for (const name of (await readdir(below).catch(() => [] as string[])).slice(0, 1000))
        if (name.toLowerCase().endsWith('.onnx')) out.push(path.join(below, name));
  }
  return out;
}

const arraySpec = z.looseObject({
  file: z.string().regex(/^[\w-][\w.-]*$/),
  dtype: z.literal('float32-le'),
  shape: z.array(z.number().int().positive().max(4096)).length(5),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const parityFile = z.looseObject({
  model: z.string(),
  tolerance: z.number().positive().max(0.01),
  input: arraySpec,
  outputs: z.record(z.string(), arraySpec),
});

/** The known answer of a package: in its own folder `parity`, or in `parity/<id>` beside it. Null where it brings none. */
async function readKnownAnswer(folder: string, card: ModelCard): Promise<KnownAnswer | null> {
  const places = [path.join(folder, 'parity'), path.join(folder, '..', 'parity', card.id)];
  for (const place of places) {
    const file = path.join(place, 'parity.json');
    if (!(await exists(file))) continue;
    const said = parseJson(await readBounded(file, largestCardBytes), parityFile, 'parity.json');
    if (said.model !== card.id) throw refuse(`The known answer is that of ${said.model}, not of ${card.id}.`);
    const array = async (spec: z.infer<typeof arraySpec>) => {
      const bytes = await readBounded(path.join(place, spec.file), largestArrayBytes);
      if (bytes.length !== 4 * spec.shape.reduce((a, b) => a * b, 1) || sha256(bytes) !== spec.sha256)
        throw refuse(`The known answer's ${spec.file} is not the file that parity.json names. Copy the whole package again.`);
      return { path: path.join(place, spec.file), shape: spec.shape };
    };
    const outputs = [];
    for (const [name, spec] of Object.entries(said.outputs)) {
      if (!card.outputs.some((o) => o.name === name)) throw refuse(`The known answer names an output ${name} that the card does not have.`);
      outputs.push({ name, ...(await array(spec)) });
    }
    if (!outputs.length) throw refuse('The known answer names no output.');
    return { tolerance: said.tolerance, input: await array(said.input), outputs };
  }
  return null;
}

/**
 * Reads a model package, or a bare .onnx file: card, hash, header, external weights (of a bare file alone), known answer, each held against the others (12-package).
 * @param given a folder or a file
 * @throws Refusal with every reason found: NOT_FOUND, INVALID_MODEL, MODEL_SHAPE_MISMATCH, PATH_ESCAPE
 */
export async function readModelPackage(given: string): Promise<ModelReading> {
  const { folder, file, card } = await locate(path.resolve(given));
  const real = await realpath(file).catch(() => file);
  if (card && path.dirname(real) !== (await realpath(folder)))
    throw new Refusal('PATH_ESCAPE', `${card.file.name} is a link out of its package. Copy the file itself into the package.`);
  const bytes = await readBounded(file, largestModelBytes);
  const hash = sha256(bytes);
  const reasons: Coded[] = [];
  if (card && (bytes.length !== card.file.bytes || hash !== card.file.sha256))
    reasons.push({
      code: 'INVALID_MODEL',
      message: `${card.file.name} is not the file that its card names (${bytes.length === card.file.bytes ? 'another SHA-256' : `${bytes.length} bytes, not ${card.file.bytes}`}). Copy the whole package again.`,
    });
  const header = readOnnxHeader(bytes);
  await checkExternal(folder, header.external);
  // What runs is held against the hash of one file, before each run.
  if (card && header.external.length)
    reasons.push({
      code: 'INVALID_MODEL',
      message: `${card.file.name} keeps weights in ${header.external[0]!.location}. A package has one model file: export it with its weights inside.`,
    });
  reasons.push(...(card ? cardFaults(header, card) : generalFaults(header)));
  const first = reasons[0];
  if (first) throw new Refusal(first.code, first.message, { reasons });
  return {
    folder,
    card,
    model: { path: file, sha256: hash, inputName: header.inputs[0]!.name, external: header.external.length > 0 },
    bytes: bytes.length,
    opset: header.opset,
    outputs: header.outputs.map(({ name, shape }) => ({ name, shape })),
    knownAnswer: card && (await readKnownAnswer(folder, card)),
  };
}
