import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSegmentationNode } from '@itk-wasm/dicom';
import { expect, test } from 'vitest';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import { writeSeg } from './seg-write.ts';

/** Voxels that an image of ITK has set, on our grid; the image's own box may be smaller than the grid, and turned. */
async function seenByItk(bytes: Uint8Array, g: VolumeGeometry): Promise<{ mask: Uint8Array; worstMm: number }> {
  const path = join(mkdtempSync(join(tmpdir(), 'seg-itk-')), 'a.dcm');
  writeFileSync(path, bytes);
  const { segImage } = await readSegmentationNode(path);
  const [nx, ny] = segImage.size as Triple;
  const data = segImage.data as ArrayLike<number>;
  const mask = new Uint8Array(g.dimensions[0] * g.dimensions[1] * g.dimensions[2]);
  let worstMm = 0;
  for (let n = 0; n < data.length; n++) {
    if (!data[n]) continue;
    const at = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)].map((v, axis) => v * (segImage.spacing[axis] as number));
    // ITK's matrix stands row by row: its columns are the axes.
    const point = [0, 1, 2].map(
      (row) => (segImage.origin[row] as number) + at.reduce((sum, v, axis) => sum + v * (segImage.direction[row * 3 + axis] as number), 0),
    ) as Triple;
    const index = lpsToIndex(g, ...point).map(Math.round) as Triple;
    worstMm = Math.max(worstMm, Math.hypot(...indexToLps(g, ...index).map((v, axis) => v - point[axis]!)));
    mask[index[0] + g.dimensions[0] * (index[1] + g.dimensions[1] * index[2])] = 1;
  }
  return { mask, worstMm };
}

// A slanted stack is none of ITK's grids: it is read as a straight one there, whoever wrote it. Frames are of 128 pixels, since this reader
// loses voxels of frames whose size is no multiple of 8, of files by highdicom as well.
test.each(['turned', 'leftHanded'])('[9.1-interop] %s grid: ITK sees every voxel of our DICOM SEG within 0.01 mm', async (name) => {
  const g: VolumeGeometry = { ...(grids[name] as VolumeGeometry), dimensions: [16, 8, 6] };
  const mask = maskWhere(g, (value) => value > 690 && value < 760);
  const { bytes } = await writeSeg(objectInput(g, [mask]), () => undefined);
  const seen = await seenByItk(bytes, g);
  expect(seen.mask).toEqual(mask);
  expect(seen.worstMm).toBeLessThan(0.01);
});
