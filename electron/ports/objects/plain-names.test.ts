import { describe, expect, test } from 'vitest';
import { deidentifyOptions } from '../../../contract/object-files.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import { markupsOn } from './object-markups.fixture.ts';
import { withPlainNames } from './plain-names.ts';
import { readRtstruct } from './rtstruct-read.ts';
import { writeRtstruct } from './rtstruct-write.ts';

const turned = grids.turned as VolumeGeometry;
const masks = [maskWhere(turned, (value) => value > 690), maskWhere(turned, (value) => value < 640)];
const named = (segments: string[], markups: string[]) => {
  const input = objectInput(turned, masks, { kind: 'rtstruct', markups: markupsOn(turned).slice(4, 4 + markups.length) });
  for (const [n, name] of segments.entries()) input.segments[n]!.name = name;
  for (const [n, name] of markups.entries()) input.markups[n]!.name = name;
  return input;
};

describe('names that no file can hold', () => {
  test('[P-export] backslashes and control characters are replaced, and it is said', async () => {
    const input = named(['Left\\right', 'Plain ½ ^ "name"'], ['A\tB\u0000\nC', '\u0007\u001b']);
    const { input: plain, findings } = withPlainNames(input);
    expect(plain.segments.map((one) => one.name)).toEqual(['Left/right', 'Plain ½ ^ "name"']);
    expect(plain.markups.map((one) => one.name)).toEqual(['A B C', plain.markups[1]!.kind]);
    expect(findings.map((text) => /"(.*)"/.exec(text)?.[1])).toEqual(['Left/right', 'A B C', plain.markups[1]!.kind]);
    // What is said is what stands in the file.
    const { bytes } = await writeRtstruct(plain, () => undefined);
    const read = await readRtstruct(bytes, { name: 'a.dcm', targets: [{ ...input.series, source: input.source }] }, () => undefined);
    expect(read?.segments.map((one) => one.name)).toEqual(plain.segments.map((one) => one.name));
    expect(read?.markups.map((one) => one.name)).toEqual(plain.markups.map((one) => one.name));
  });

  test('[P-export] names that can be held are as they were, and nothing is said', () => {
    const input = named(['Bone  with  blanks', 'Knochen ä 骨'], ['α/β']);
    expect(withPlainNames(input)).toEqual({ input, findings: [] });
  });

  test.each(['A\\B', 'A\nB', 'A\u0000', 'A\u2028B', 'A\u200bB', '\u007f', 'A\ud800B'])('[P-export] %j is no pseudonym', (pseudonym) => {
    expect(deidentifyOptions.safeParse({ pseudonym: `x${pseudonym}x` }).success).toBe(false);
  });

  test.each(['CASE-7', 'Doe^Jane', 'Ärztin 12', '症例'])('[P-export] %s is one', (pseudonym) => {
    expect(deidentifyOptions.parse({ pseudonym }).pseudonym).toBe(pseudonym);
  });
});
