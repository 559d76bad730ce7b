import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { modelsFolder } from '../../models-folder.ts';
import { readOnnxHeader } from './header.ts';
import { block, convolutionModel, grid, identityModel, integer, onnxModel, text, value } from './onnx-writer.fixture.ts';

const mul = { type: 'Mul', inputs: ['hu', 's'], outputs: ['y'] };

describe('ONNX header', () => {
  test('[12-package] says operators, inputs and outputs with their types and sizes', () => {
    expect(readOnnxHeader(convolutionModel())).toEqual({
      opset: 17,
      inputs: [{ name: 'hu', type: 'float32', shape: [1, 1, ...grid] }],
      outputs: [{ name: 'probability', type: 'float32', shape: [1, 2, ...grid] }],
      external: [],
    });
  });

  test('weights that an old file lists among the inputs are no inputs', () => {
    const model = onnxModel({
      nodes: [mul],
      initialisers: [{ name: 's', dimensions: [1], values: [1] }],
      inputs: [value('hu', [1, 1, ...grid]), value('s', [1])],
    });
    expect(readOnnxHeader(model).inputs.map((i) => i.name)).toEqual(['hu']);
  });

  test('external weights come out with their place and the bytes that their shape asks for', () => {
    const external = { location: 'w.bin', offset: '16', length: '24' };
    const model = onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [2, 3], external }] });
    expect(readOnnxHeader(model).external).toEqual([{ tensor: 's', location: 'w.bin', offset: 16, bytes: 24 }]);
  });

  const bomb = { name: 's', dimensions: [2n ** 40n] };
  test.each([
    ['an initialiser', onnxModel({ nodes: [mul], initialisers: [bomb] })],
    ['sizes whose product overflows', onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [2n ** 33n, 2n ** 33n] }] })],
    ['a negative size', onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [-4], values: [] }] })],
    ['fewer numbers than declared', onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [2], values: [1] }] })],
    ['more numbers than declared', onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [1], values: [1, 2] }] })],
    ['a constant of a node', onnxModel({ nodes: [{ type: 'Constant', inputs: [], outputs: ['y'], tensors: { value: bomb } }] })],
    ['an unknown element type', onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [1], values: [1], type: 99 }] })],
    [
      'an external length that is not the shape’s',
      onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [2], external: { location: 'w', length: '4' } }] }),
    ],
    [
      'an external tensor without a place',
      onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [2], external: { offset: '0' } }] }),
    ],
    ['two graphs', Uint8Array.from([...identityModel(), ...block(7, [])])],
    ['no graph', Uint8Array.from(integer(1, 8))],
    ['no operator set', Uint8Array.from(block(7, text(2, 'g')))],
    ['a length beyond the end', Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f])],
    ['a number without an end', Uint8Array.from(Array(20).fill(0xff))],
    ['a group', Uint8Array.from([0x0b])],
    ['nothing', new Uint8Array()],
  ])('[12-package] refuses %s', (_, bytes) => {
    expect(() => readOnnxHeader(bytes)).toThrow(expect.objectContaining({ code: 'INVALID_MODEL' }));
  });

  test('graphs within graphs end somewhere', () => {
    let graph = text(2, 'innermost');
    for (let n = 0; n < 40; n++) graph = block(1, block(5, block(6, graph)));
    expect(() => readOnnxHeader(Uint8Array.from([...block(8, integer(2, 17)), ...block(7, graph)]))).toThrow(/nested too deeply/);
  });

  /** Bytes that a reader may be handed: pieces cut out, bytes changed, numbers blown up. */
  const mutation = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(40) }),
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: fc.uint8Array({ maxLength: 12 }) }),
    ),
    { minLength: 1, maxLength: 6 },
  );
  type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;
  function mutated(good: Uint8Array, changes: Mutation): Uint8Array {
    const out = Array.from(good);
    for (const change of changes) {
      const at = change.at % Math.max(1, out.length);
      if (change.kind === 'set') out[at] = change.byte;
      else if (change.kind === 'cut') out.splice(at, change.length);
      else out.splice(at, 0, ...change.bytes);
    }
    return Uint8Array.from(out);
  }

  test('[12-package] a damaged model is read or refused, never anything else, and nothing is held beyond the file', () => {
    const models = [
      identityModel(),
      convolutionModel(),
      onnxModel({ nodes: [mul], initialisers: [{ name: 's', dimensions: [2], external: { location: 'w' } }] }),
    ];
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...models), mutation, (good, changes) => {
        const bytes = mutated(good, changes);
        try {
          const header = readOnnxHeader(bytes);
          read++;
          // Names are the only thing copied out of a file.
          expect(JSON.stringify(header).length).toBeLessThan(12 * bytes.length + 1000);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          refused++;
        }
      }),
      { numRuns: 4000, seed: 20_261_122 },
    );
    expect(read).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });

  test('a real model cut at any place is refused', () => {
    const whole = readFileSync(path.join(modelsFolder(), 'unet-b', 'model.onnx'));
    expect(readOnnxHeader(whole).opset).toBe(17);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 20 }), (length) => {
        expect(() => readOnnxHeader(whole.subarray(0, length))).toThrow(Refusal);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
