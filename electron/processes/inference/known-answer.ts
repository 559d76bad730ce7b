import { readFile, stat, writeFile } from 'node:fs/promises';
import { Refusal } from '../../../contract/errors.ts';
import { sameShape, withRuntimeErrors } from './faults.ts';
import type { ArrayFile, Orders } from './orders.ts';
import type { ModelSession, Tensor } from './session.ts';

/** A known answer is small; anything larger is not one. */
const largestBytes = 64 * 1024 * 1024;
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

async function readArray({ path, shape }: ArrayFile): Promise<Tensor> {
  const bytes = 4 * product(shape);
  const { size } = await stat(path);
  if (size !== bytes || bytes > largestBytes)
    throw new Refusal('INVALID_MODEL', `The known answer of this package holds ${size} bytes where its shape asks for ${bytes}.`);
  const raw = await readFile(path);
  if (raw.length !== bytes) throw new RangeError('the known answer changed while it was read');
  return { values: new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + bytes)), dimensions: shape };
}

function checked(outputs: Record<string, Tensor>, name: string, shape: readonly number[]): Float32Array {
  const tensor = outputs[name];
  if (!tensor || !sameShape(tensor.dimensions, shape))
    throw new Refusal(
      'INVALID_MODEL_OUTPUT',
      `The network answered ${tensor ? tensor.dimensions.join(' x ') : 'nothing'} for ${name}, not ${shape.join(' x ')}.`,
    );
  if (!tensor.values.every(Number.isFinite))
    throw new Refusal('INVALID_MODEL_OUTPUT', `The network answered numbers for ${name} that are not finite. Nothing of it can be used.`);
  return tensor.values;
}

/**
 * Runs a network on an input whose answer is known. The first run warms up; the second is timed.
 * @throws Refusal INVALID_MODEL_OUTPUT for another shape or a number that is not finite
 */
export async function answerKnown(session: ModelSession, order: Orders['answer']['in']): Promise<Orders['answer']['out']> {
  const input = await readArray(order.input);
  await withRuntimeErrors(() => session.run(input));
  const start = performance.now();
  const outputs = await withRuntimeErrors(() => session.run(input));
  const milliseconds = performance.now() - start;
  let largestDifference = 0;
  for (const wanted of order.outputs) {
    const values = checked(outputs, wanted.name, wanted.shape);
    if (order.mode === 'keep') {
      await writeFile(wanted.path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), { flag: 'wx' });
      continue;
    }
    const known = (await readArray(wanted)).values;
    for (let n = 0; n < known.length; n++) {
      const difference = Math.abs(values[n]! - known[n]!);
      if (!(difference <= largestDifference)) largestDifference = difference;
    }
  }
  return { largestDifference, milliseconds };
}

/** Numbers from air to metal, so that every part of a network gets something to do; the same each time. */
function madeUp(shape: number[]): Tensor {
  const values = new Float32Array(product(shape));
  for (let n = 0; n < values.length; n++) values[n] = -1024 + ((n * 37) % 4096);
  return { values, dimensions: shape };
}

/** check-model's run. Throws Refusal INVALID_MODEL_OUTPUT for a shape that was not declared or a number that is not finite. */
export async function attempt(session: ModelSession, order: Orders['attempt']['in']): Promise<Orders['attempt']['out']> {
  const input = madeUp(order.shape);
  const start = performance.now();
  const outputs = await withRuntimeErrors(() => session.run(input));
  const grid = order.shape.slice(2);
  const wanted =
    order.outputs ??
    Object.entries(outputs).map(([name, t]) => ({
      name,
      shape: t.dimensions.length === 5 ? [1, t.dimensions[1]!, ...grid] : [1, 1, ...grid],
    }));
  for (const { name, shape } of wanted) checked(outputs, name, shape);
  return { milliseconds: performance.now() - start };
}
