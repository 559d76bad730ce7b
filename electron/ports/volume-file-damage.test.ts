import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Refusal } from '../../contract/errors.ts';
import { metaImageFile, metaImageHeader, niftiFile, nrrdFile, nrrdHeader, phantom } from './asymmetric.fixture.ts';
import { readVolumeFile } from './volume-file-volume.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-volume-fuzz-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The code of a refusal, or 'accepted'; anything else that is thrown fails the test. */
async function outcome(path: string): Promise<string> {
  try {
    await readVolumeFile(path, [], () => undefined, { uid: '2.25.1' });
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

type Mutation =
  | { kind: 'set'; at: number; byte: number }
  | { kind: 'cut'; at: number; length: number }
  | { kind: 'double'; at: number; length: number }
  | { kind: 'number'; at: number; text: string };

/** Bytes changed, cut out, doubled, or numbers put in the place of others; then read. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('number' as const),
    at: fc.nat(),
    text: fc.constantFrom(
      '-1',
      '0',
      '1e308',
      '999999999999',
      'nan',
      '2147483648',
      '0.0000001',
      'none',
      '()',
      '../x',
      '%d 0 9 0',
      'LIST',
      '"',
    ),
  }),
);

function damaged(bytes: Uint8Array, header: number, changes: Mutation[]): Buffer {
  let out = Buffer.from(bytes);
  for (const change of changes) {
    const at = change.at % Math.min(header, out.length);
    if (change.kind === 'set') out[at] = change.byte;
    else if (change.kind === 'cut') out = Buffer.concat([out.subarray(0, at), out.subarray(at + change.length)]);
    else if (change.kind === 'double') out = Buffer.concat([out.subarray(0, at + change.length), out.subarray(at)]);
    else {
      const numbers = [...out.toString('latin1', 0, header).matchAll(/[-0-9.]+/g)];
      const one = numbers[change.at % Math.max(1, numbers.length)];
      if (one) out = Buffer.concat([out.subarray(0, one.index), Buffer.from(change.text), out.subarray(one.index + one[0].length)]);
    }
  }
  return out;
}

const targets: [string, Uint8Array, number][] = [
  ['NRRD', nrrdFile(phantom), nrrdHeader(phantom).length + 2],
  ['MetaImage', metaImageFile(phantom), metaImageHeader(phantom).length],
  ['NIfTI', niftiFile(phantom, { sform: true, qform: true }), 352],
];
for (const [format, good, header] of targets)
  test(`${format}: 3000 damaged headers each give a volume or a refusal, nothing else`, async () => {
    const path = join(root, format === 'NIfTI' ? 'x.nii' : 'x');
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (changes) => {
        writeFileSync(path, damaged(good, header, changes));
        seen.add(await outcome(path));
      }),
      { numRuns: 3000 },
    );
    expect(seen.size).toBeGreaterThan(5);
  });
