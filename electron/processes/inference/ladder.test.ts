import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { climb, ladderOf, providerTolerance, reasonFor } from './ladder.ts';

const answers = (largestDifference: number) => ({ largestDifference, milliseconds: 5 });
const absent = () => {
  throw new Refusal('INVALID_MODEL', 'cuda cannot be had on this machine: no driver.');
};

describe('ladder of providers', () => {
  test.each([
    ['linux', ['cuda', 'webgpu', 'cpu']],
    ['win32', ['dml', 'webgpu', 'cpu']],
    ['darwin', ['coreml', 'webgpu', 'cpu']],
    ['aix', ['cpu']],
  ])('[12-environment] %s', (platform, wanted) => {
    expect(ladderOf(platform, null).map((r) => r.provider)).toEqual(wanted);
  });

  test('[12-environment] one that throws and one that answers wrongly are passed over, and both say why', async () => {
    const ladder = ladderOf('linux', null);
    const asked: string[] = [];
    const chosen = await climb(
      ladder,
      async (provider) => {
        asked.push(provider);
        if (provider === 'cuda') absent();
        return answers(provider === 'webgpu' ? 0.3 : 0);
      },
      5,
    );
    expect(chosen.provider).toBe('cpu');
    expect(asked).toEqual(['cuda', 'webgpu', 'cpu']);
    expect(ladder.map((r) => r.state)).toEqual(['refused', 'refused', 'chosen']);
    expect(reasonFor(ladder)).toBe(
      'CUDA: no NVIDIA graphics card or driver was found. WebGPU: answers otherwise than the CPU: by up to 30 %, 0.39 % is allowed.',
    );
    // The runtime's own words stay on the rung.
    expect(ladder[0]?.note).toMatch(/no driver/);
    expect(ladder[1]).toMatchObject({ largestDifference: 0.3, milliseconds: 5 });
  });

  test('[12-environment] one that answers NaN is wrong', async () => {
    const ladder = ladderOf('linux', null);
    expect((await climb(ladder, async (p) => answers(p === 'cpu' ? 0 : Number.NaN), 5)).provider).toBe('cpu');
  });

  test('[12-environment] one that answers rightly but far slower than the CPU is passed over', async () => {
    const ladder = ladderOf('linux', null);
    const chosen = await climb(ladder, async (p) => ({ largestDifference: 0, milliseconds: p === 'cuda' ? 900 : 60 }), 100);
    expect(chosen.provider).toBe('webgpu');
    expect(ladder[0]).toMatchObject({ state: 'refused', note: 'slower than the CPU: 900 ms instead of 100 ms' });
  });

  test('[12-environment] the first that answers as the CPU does is taken, and those below are not tried', async () => {
    const ladder = ladderOf('win32', null);
    const chosen = await climb(ladder, async () => answers(providerTolerance), 5);
    expect(chosen.provider).toBe('dml');
    expect(ladder.map((r) => r.state)).toEqual(['chosen', 'not tried', 'not tried']);
    expect(reasonFor(ladder)).toBe('First choice on this platform.');
  });

  test('[12-environment] pinned to the CPU, nothing above it is tried, and that is said', async () => {
    const ladder = ladderOf('linux', 'cpu');
    const asked: string[] = [];
    await climb(
      ladder,
      async (provider) => {
        asked.push(provider);
        return answers(0);
      },
      5,
    );
    expect(asked).toEqual(['cpu']);
    expect(reasonFor(ladder)).toMatch(/CUDA: left out: LAMINA_PROVIDER is cpu\./);
    expect(() => ladderOf('linux', 'dml')).toThrow(/LAMINA_PROVIDER names dml/);
  });

  test('a cancel and a fault of ours are no reason to go one rung down', async () => {
    await expect(
      climb(
        ladderOf('linux', null),
        async () => {
          throw new DOMException('cancelled', 'AbortError');
        },
        5,
      ),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
