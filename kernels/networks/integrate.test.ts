import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integrateProbabilities, probabilityByte, thresholdByte, withoutAir } from './integrate.ts';

const overlapHu: [number, number] = [200, 300];
const of = (cortical: number, thin: number, hu: number, corticalWeight: number): number =>
  integrateProbabilities(Uint8Array.of(cortical), Uint8Array.of(thin), Int16Array.of(hu), { overlapHu, corticalWeight })[0]!;

describe('Method C joins its two networks', () => {
  it('[M-multi-unet] at the weight of the standard it is the union of the two masks, at every threshold', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, fc.integer({ min: -1024, max: 3071 }), byte, (c, t, hu, least) => {
        expect(of(c, t, hu, 0.5) >= least).toBe(c >= least || t >= least);
      }),
    );
  });

  it('[M-multi-unet] inside the overlap alone the weight takes the say from one of them; the bounds belong to the overlap', () => {
    expect([199, 200, 250, 300, 301].map((hu) => of(10, 200, hu, 1))).toEqual([200, 10, 10, 10, 200]);
    expect([199, 200, 250, 300, 301].map((hu) => of(200, 10, hu, 0))).toEqual([200, 10, 10, 10, 200]);
    expect(of(100, 200, 250, 0.75)).toBe(100);
    expect(of(60, 200, 250, 0.75)).toBe(100);
    expect(of(200, 100, 250, 0.25)).toBe(100);
  });

  it('refuses probabilities that do not cover the same voxels', () => {
    expect(() =>
      integrateProbabilities(new Uint8Array(2), new Uint8Array(3), new Int16Array(2), { overlapHu, corticalWeight: 0.5 }),
    ).toThrow(RangeError);
  });
});

it('clear air holds no bone, whatever the network says; the bound itself is not air', () => {
  const probability = Uint8Array.of(200, 200, 200, 0);
  expect([...withoutAir(probability, Int16Array.of(-1000, -851, -850, -1000), -850)]).toEqual([0, 0, 200, 0]);
  expect([...probability]).toEqual([200, 200, 200, 0]);
  expect(() => withoutAir(probability, new Int16Array(3), -850)).toThrow(RangeError);
});

it('a threshold on bytes says what the threshold on the probability says, for every byte', () => {
  for (let byte = 0; byte <= 255; byte++)
    for (const p of [0.02, 0.1, 0.25, 0.5, 0.7, 0.98, byte / 255]) expect(byte >= thresholdByte(p)).toBe(byte / 255 >= p - 1e-9);
  expect([0, 0.5, 1].map(probabilityByte)).toEqual([0, 128, 255]);
});
