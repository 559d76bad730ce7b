import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { DecodeHelpers } from './decode-helpers.ts';
import type { SliceSource } from './decode-work.ts';
import { fillVolume } from './fill-volume.ts';
import { frameBytes, frameValues } from './frames.ts';
import type { PixelFormat } from './image.ts';
import { VolumeBuffer } from './pixels.ts';
import { VolumeMemory } from './volume-memory.ts';

const littleEndian = '1.2.840.10008.1.2.1';
const runLength = '1.2.840.10008.1.2.5';
let root = '';
let files = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-fill-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const words: PixelFormat = { rows: 6, columns: 7, bitsAllocated: 16, bitsStored: 12, highBit: 11, signed: false };
const size = ({ rows, columns, bitsAllocated }: PixelFormat) => (rows * columns * bitsAllocated) / 8;

/** A file that is nothing but pixels. */
function pixelFile(bytes: Uint8Array, format: PixelFormat, frames = 1, transferSyntax = littleEndian): SliceSource['file'] {
  const path = join(root, `${++files}`);
  writeFileSync(path, bytes);
  const length = transferSyntax === runLength ? null : bytes.length;
  const pixels = { tag: 0x7fe00010, vr: 'OW', offset: 0, length };
  return { path, fileBytes: bytes.length, transferSyntax, deflated: false, pixels, format, frames: { length: frames } };
}

function noise(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, n) => (Math.imul(n + 1 + seed * 7919, 0x9e3779b1) >>> 19) & 255);
}

/** `count` slices of 12-bit words, each with an intercept of its own. */
function series(count: number, format = words): SliceSource[] {
  return Array.from({ length: count }, (_, n) => {
    const bytes = noise(size(format), n);
    for (let at = 1; at < bytes.length; at += 2) bytes[at] = (bytes[at] as number) & 15;
    return { file: pixelFile(bytes, format), index: 0, slope: 1, intercept: n - 1024 };
  });
}

/** Frames of two segments that hold nothing but literal runs, in fragments behind an empty offset table. */
function packedFrames(frames: Uint8Array[]): Uint8Array {
  const item = (bytes: Uint8Array) => {
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes]);
  };
  const literal = (bytes: Uint8Array) => Buffer.concat([Buffer.from([bytes.length - 1]), bytes]);
  const packed = frames.map((frame) => {
    const high = literal(frame.filter((_, n) => n % 2 === 1));
    const low = literal(frame.filter((_, n) => n % 2 === 0));
    const head = Buffer.alloc(64);
    [2, 64, 64 + high.length].forEach((value, n) => {
      head.writeUInt32LE(value, n * 4);
    });
    return item(Buffer.concat([head, high, low]));
  });
  return new Uint8Array(Buffer.concat([item(new Uint8Array(0)), ...packed, Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])]));
}

/** One slice after the other, value by value. */
function oneByOne(slices: SliceSource[]): Int16Array | Float32Array {
  const format = slices[0]?.file.format as PixelFormat;
  const buffer = new VolumeBuffer(slices.length * format.rows * format.columns);
  for (const { file, index, slope, intercept } of slices)
    buffer.append(frameValues(file, frameBytes(file)[index] as Uint8Array), slope, intercept);
  return buffer.values;
}

function filled(slices: SliceSource[], helpers: DecodeHelpers, step: (fraction: number) => void = () => {}) {
  const format = slices[0]?.file.format as PixelFormat;
  const voxels = slices.length * format.rows * format.columns;
  return fillVolume(slices, voxels, step, { helpers, memory: new VolumeMemory(voxels) });
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refusal);
  return `${(error as Refusal).code} ${(error as Refusal).message}`;
}

const alone = new DecodeHelpers({ wanted: 0 });
const two = new DecodeHelpers({ wanted: 2, fromVoxels: 0 });
beforeAll(() => two.start());
afterAll(() => two.close());

/** Takes so long after each slice of this thread that the helpers get some. */
function slowly(): { step: () => void; own: () => number } {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  let own = 0;
  return {
    own: () => own,
    step: () => {
      own++;
      Atomics.wait(nothing, 0, 0, 10);
    },
  };
}

describe('a volume filled by several threads', () => {
  // Helpers come up once; the tests are about what they do then.
  beforeEach(async () => {
    const slow = slowly();
    for (let tries = 0; tries < 100; tries++) {
      const before = slow.own();
      await filled(series(6), two, slow.step);
      if (slow.own() - before < 6) return;
    }
    throw new RangeError('no helper came up');
  });

  test('[7.2-dicom] is the one that slices read one after the other make, with helpers at work', async () => {
    const slices = series(40);
    const slow = slowly();
    const values = await filled(slices, two, slow.step);
    expect(values).toBeInstanceOf(Int16Array);
    expect(Array.from(values)).toEqual(Array.from(oneByOne(slices)));
    expect(slow.own()).toBeLessThan(40);
  });

  test('[7.2-dicom] any pixel format, rescale and number of frames gives the same values', async () => {
    const format = fc
      .record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 6 }), bitsAllocated: fc.constantFrom(8, 16, 32) })
      .chain((base) =>
        fc
          .record({ bitsStored: fc.integer({ min: 1, max: base.bitsAllocated }), signed: fc.boolean(), raised: fc.boolean() })
          .map(({ bitsStored, signed, raised }) => ({
            ...base,
            bitsStored,
            signed,
            highBit: raised ? base.bitsAllocated - 1 : bitsStored - 1,
          })),
      );
    const rescale = fc.record({
      slope: fc.constantFrom(1, 1, 1, 2, -1, 0.5, 100),
      intercept: fc.constantFrom(0, -1024, 7, 0.25, 40000, -32768),
    });
    await fc.assert(
      fc.asyncProperty(
        format,
        fc.array(rescale, { minLength: 1, maxLength: 9 }),
        fc.boolean(),
        fc.nat(),
        async (f, rescales, one, seed) => {
          const bytes = rescales.map((_, n) => noise(size(f), seed + n));
          const whole = one ? pixelFile(new Uint8Array(Buffer.concat(bytes)), f, bytes.length) : null;
          const slices = rescales.map((r, n) => ({ ...r, file: whole ?? pixelFile(bytes[n] as Uint8Array, f), index: whole ? n : 0 }));
          const expected = oneByOne(slices);
          for (const helpers of [two, alone]) {
            const values = await filled(slices, helpers);
            expect(values.constructor).toBe(expected.constructor);
            expect(Array.from(values)).toEqual(Array.from(expected));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('values that int16 does not hold, from a slice in the middle on, make all of it float32', async () => {
    const slices = series(30);
    (slices[17] as SliceSource).slope = 0.5;
    (slices[25] as SliceSource).intercept = 40000;
    const values = await filled(slices, two, slowly().step);
    expect(values).toBeInstanceOf(Float32Array);
    expect(Array.from(values)).toEqual(Array.from(oneByOne(slices)));
  });

  test('frames of one compressed file', async () => {
    const format = { ...words, bitsStored: 16, highBit: 15 };
    const frames = Array.from({ length: 12 }, (_, n) => noise(size(format), n));
    const file = pixelFile(packedFrames(frames), format, 12, runLength);
    const slices = frames.map((_, n) => ({ file, index: 11 - n, slope: 1, intercept: -32768 }));
    const values = await filled(slices, two, slowly().step);
    expect(Array.from(values)).toEqual(Array.from(oneByOne(slices)));
  });

  test('the first slice that cannot be read is the one that is told of, in the same words', async () => {
    const slices = series(30);
    for (const n of [12, 13, 20]) truncateSync((slices[n] as SliceSource).file.path, 8);
    rmSync((slices[11] as SliceSource).file.path);
    const told = await refusalOf(filled(slices, two, slowly().step));
    expect(told).toBe(await refusalOf(filled(slices, alone)));
    expect(told).toMatch(/^MISSING_FILES /);
  });

  test('a step that throws ends the work, and the helpers can be used again', async () => {
    const slices = series(30);
    const cancelling = () => {
      throw new TypeError('cancelled');
    };
    await expect(filled(slices, two, cancelling)).rejects.toThrow(new TypeError('cancelled'));
    expect(Array.from(await filled(slices, two))).toEqual(Array.from(oneByOne(slices)));
  });
});

test('what a helper leaves undone when it dies is done by the caller', async () => {
  const dying = new DecodeHelpers({ wanted: 2, fromVoxels: 0, entry: new URL('./decode-worker-dying.fixture.ts', import.meta.url) });
  try {
    const slices = series(40);
    const slow = slowly();
    const values = await filled(slices, dying, slow.step);
    expect(Array.from(values)).toEqual(Array.from(oneByOne(slices)));
    // Both took one, and only they: the rest was this thread's.
    expect(slow.own()).toBeGreaterThanOrEqual(38);
  } finally {
    await dying.close();
  }
});

test('a helper that hangs in a slice is ended, and the caller does that slice', async () => {
  const entry = new URL('./decode-worker-hanging.fixture.ts', import.meta.url);
  const hanging = new DecodeHelpers({ wanted: 1, fromVoxels: 0, entry, sliceMs: 200 });
  try {
    const slices = series(40);
    const slow = slowly();
    expect(Array.from(await filled(slices, hanging, slow.step))).toEqual(Array.from(oneByOne(slices)));
    // It was waited for: more steps than there are slices.
    expect(slow.own()).toBeGreaterThan(45);
  } finally {
    await hanging.close();
  }
});

test('the memory of one volume is that of the next', () => {
  const memory = new VolumeMemory(100);
  expect(memory.int16(100).buffer).toBe(memory.int16(40).buffer);
  expect(memory.int16(40)).toHaveLength(40);
  expect(memory.float32(100)).toHaveLength(100);
  expect(() => memory.int16(101)).toThrow(RangeError);
});
