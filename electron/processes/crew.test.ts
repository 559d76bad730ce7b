import { afterEach, describe, expect, test } from 'vitest';
import { inTurn, sharedArray, stretches } from '../../kernels/parts.ts';
import { type Crew, startCrew } from './crew.ts';
import { sumPart } from './sum-part.fixture.ts';

const own = { entry: new URL('./crew-worker.fixture.ts', import.meta.url), parts: { sumPart }, worthMs: 0 };
let crew: Crew | null = null;
afterEach(async () => {
  await crew?.end();
  crew = null;
});

function work(length: number, pieces: number) {
  const values = sharedArray(Int32Array, length).map((_, n) => n % 97);
  const doubled = sharedArray(Int32Array, length);
  const shared = sharedArray(Int32Array, length);
  shared.set(values);
  return { doubled, values: shared, inputs: stretches(length, pieces).map(([from, to]) => ({ values: shared, doubled, from, to })) };
}

describe('crew', () => {
  test('threads give what one thread gives, in the order of the inputs, and write into the memory they share', async () => {
    crew = startCrew(3, own);
    for (let round = 0; round < 20; round++) {
      const { inputs, doubled, values } = work(100_003 + round, 17);
      const sums = await crew.run(sumPart, inputs);
      const alone = work(100_003 + round, 17);
      expect(sums).toEqual(await inTurn(sumPart, alone.inputs));
      expect(doubled).toEqual(values.map((v) => v * 2));
    }
  });

  test('a part that throws ends its round with its words, and the next round runs', async () => {
    crew = startCrew(2, own);
    const { inputs, values } = work(5000, 9);
    values[4999] = -1;
    await expect(crew.run(sumPart, inputs)).rejects.toThrow('a negative number at 4999');
    values[4999] = 1;
    await expect(crew.run(sumPart, inputs)).resolves.toHaveLength(inputs.length);
  });

  test('between the parts that the calling thread does it is told how many are taken, and what it throws ends the round', async () => {
    const { inputs } = work(5000, 9);
    for (const run of [inTurn, startCrew(1, own).run]) {
      const shares: number[] = [];
      await run(sumPart, inputs, (share) => shares.push(share));
      expect(shares).toEqual(inputs.map((_, n) => n / inputs.length));
    }
    crew = startCrew(2, own);
    const stop = (share: number): void => {
      if (share > 0) throw new TypeError('stopped');
    };
    // The other thread may have taken all but the first.
    const begun: number[] = [];
    await crew.run(sumPart, inputs, (share) => begun.push(share));
    expect(begun.length).toBeGreaterThan(0);
    expect(begun).toEqual(begun.toSorted((a, b) => a - b));
    await expect(inTurn(sumPart, inputs, stop)).rejects.toThrow('stopped');
    await expect(
      crew.run(sumPart, inputs, () => {
        throw new TypeError('stopped');
      }),
    ).rejects.toThrow('stopped');
    await expect(crew.run(sumPart, inputs)).resolves.toHaveLength(inputs.length);
  });

  test('what is not shared, and what is no part, is refused', async () => {
    crew = startCrew(2, own);
    const values = new Int32Array(10);
    const inputs = [0, 5].map((from) => ({ values, doubled: values, from, to: from + 5 }));
    await expect(crew.run(sumPart, inputs)).rejects.toThrow('not in shared memory');
    await expect(crew.run((n: number) => n, [1, 2])).rejects.toThrow("not among the crew's parts");
  });

  test('stretches cover everything once, in whole grains', () => {
    for (const [length, pieces, grain] of [
      [10, 3, 1],
      [10, 3, 4],
      [1, 8, 1],
      [0, 2, 1],
      [64, 2, 32],
    ] as const) {
      const cut = stretches(length, pieces, grain);
      expect(cut.length).toBeLessThanOrEqual(pieces);
      expect(cut.flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n))).toEqual(
        Array.from({ length }, (_, n) => n),
      );
      for (const [from] of cut) expect(from % grain).toBe(0);
    }
  });
});
