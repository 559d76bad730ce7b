import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeFrame } from './codecs.ts';
import { codestreamHeader } from './codestream.ts';
import { codestreams } from './fuzz-codestreams.fixture.ts';

/**
 * Damaged bytes for everything that reads foreign bytes, each target in a process of its own that is watched: it must answer each one with a
 * result or a refusal, within five seconds, without growing by 512 MiB. LAMINA_TEST_MUTATIONS=10000 LAMINA_TEST_SEED=random is the run
 * before a release.
 */
const given = process.env.LAMINA_TEST_SEED ?? '20261122';
const seed = given === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(given);
const asked = process.env.LAMINA_TEST_MUTATIONS;

interface Answer {
  said: Record<string, number>;
  slowestMs: number;
  grownMiB: number;
}
const silenceMs = 5000;

function fuzz(
  target: string,
  count: number,
): Promise<{ last: number; answer: Answer | null; fault: string; silent: boolean; code: number | null }> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'fuzz-child.fixture.ts'), target, String(count), String(seed)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let last = -1;
    let rest = '';
    let answer: Answer | null = null;
    let fault = '';
    let silent = false;
    // Loading takes its time on a busy machine; from the first input on, silence is a hang.
    let watch = setTimeout(() => undefined, 0);
    const heard = () => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        silent = true;
        child.kill('SIGKILL');
      }, silenceMs);
    };
    child.stdout.on('data', (piece: Buffer) => {
      heard();
      const lines = (rest + piece.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('{')) last = Number(line);
        else if (line.includes('"fault"')) fault = line;
        else answer = JSON.parse(line) as Answer;
      }
    });
    child.stderr.on('data', (piece: Buffer) => {
      fault += piece.toString();
    });
    child.on('close', (code) => {
      clearTimeout(watch);
      resolve({ last, answer, fault, silent, code });
    });
  });
}

describe(`damaged bytes (LAMINA_TEST_SEED=${seed})`, () => {
  const targets: [string, number][] = [
    ['parse', 1500],
    ['series', 200],
    ['rle', 10_000],
    ['jpeg', 100],
    ['jpeg-lossless', 100],
    ['jpeg-ls', 60],
    ['jpeg-2000', 150],
    ['htj2k', 200],
    ['dicomdir', 1500],
    ['zip', 400],
    ['volume-files', 250],
    ['stl', 1000],
    ['project', 120],
    ['model', 800],
    ['manifest', 600],
  ];
  for (const [target, usual] of targets) {
    const count = Number(asked ?? usual);
    test(
      `[7.2-dicom] ${target}: ${count} damaged inputs are read or refused`,
      async () => {
        const { last, answer, fault, silent, code } = await fuzz(target, count);
        expect(fault, `input ${last}`).toBe('');
        expect(silent, `input ${last} held the process`).toBe(false);
        expect(code, `input ${last} ended the process`).toBe(0);
        console.log(`${target}: ${JSON.stringify(answer)}`);
        expect(last).toBe(count - 1);
        expect(answer?.slowestMs).toBeLessThan(silenceMs);
        expect(answer?.grownMiB).toBeLessThan(512);
        const { said } = answer as Answer;
        // Damage is met, and not everything is damage.
        const refused = Object.entries(said).filter(([word]) => /^[A-Z]/.test(word));
        expect(refused.reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(count / 100);
      },
      Math.max(180_000, count * 100),
    );
  }
});

describe('what fuzzing found', () => {
  /** JPEG 2000 as `codestreams` holds it, one 32-bit field of its size marker changed. */
  const changed = (name: 'jpeg-2000' | 'htj2k', at: number, value: number): Uint8Array => {
    const bytes = Buffer.from(codestreams[name], 'base64');
    bytes.writeUInt32BE(value, at);
    return new Uint8Array(bytes);
  };
  const fields: [string, number, number][] = [
    ['a tile row that begins behind the image (held the decoder for ever)', 36, 2],
    ['a tile column that begins behind the image', 32, 1],
    ['tiles without width', 24, 0],
    ['tiles without height', 28, 0],
  ];
  test('JPEG with a marker that stands alone among its tables is refused before it is decoded (held the decoder for ever)', () => {
    const format = { rows: 16, columns: 20, bitsAllocated: 8, bitsStored: 8, highBit: 7, signed: false };
    const whole = new Uint8Array(Buffer.from(codestreams['jpeg-8'], 'base64'));
    // The quantisation table stands before the frame header, the first code table behind it.
    for (const at of [20, 102]) {
      expect([whole[at], whole[at + 1]]).toEqual([0xff, at === 20 ? 0xdb : 0xc4]);
      const bytes = whole.slice();
      bytes[at + 1] = 0x01;
      expect(() => decodeFrame('jpeg', bytes, format)).toThrow(expect.objectContaining({ code: 'CORRUPT_PIXEL_DATA' }));
    }
    expect(decodeFrame('jpeg', whole, format).bytes).toHaveLength(320);
  });
  test('JPEG-LS without its end is refused before it is decoded (kept the decoder busy for 40 s)', () => {
    const whole = new Uint8Array(Buffer.from(codestreams['jpeg-ls'], 'base64'));
    const format = { rows: 16, columns: 20, bitsAllocated: 16, bitsStored: 12, highBit: 11, signed: false };
    expect(decodeFrame('jpeg-ls', new Uint8Array([...whole, 0]), format).bytes).toHaveLength(640);
    for (const length of [whole.length - 1, whole.length - 2, 394, 100])
      expect(() => decodeFrame('jpeg-ls', whole.subarray(0, length), format)).toThrow(
        expect.objectContaining({ code: 'CORRUPT_PIXEL_DATA' }),
      );
  });
  for (const name of ['jpeg-2000', 'htj2k'] as const)
    for (const [what, at, value] of fields)
      test(`${name} with ${what} is refused before it is decoded`, () => {
        expect(() => codestreamHeader(changed(name, at, value), name)).toThrow(expect.objectContaining({ code: 'CORRUPT_PIXEL_DATA' }));
        expect(codestreamHeader(changed(name, 8, 20), name)).toMatchObject({ columns: 20, rows: 16 });
      });
});
