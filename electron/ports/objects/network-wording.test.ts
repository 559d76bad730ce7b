import { expect, test } from 'vitest';
import { networkWording } from '../../../contract/model.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { writeLabelmapSeg } from './labelmap-seg-write.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import { readRtstruct } from './rtstruct-read.ts';
import { writeRtstruct } from './rtstruct-write.ts';
import { readSeg } from './seg-read.ts';
import { writeSeg } from './seg-write.ts';

const quiet = () => undefined;

test.each([
  ['seg', writeSeg, readSeg],
  ['labelmap-seg', writeLabelmapSeg, readSeg],
  ['rtstruct', writeRtstruct, readRtstruct],
] as const)(
  "[9.1-interop][12-risk] %s: a network's warning and whose work it is come back, of that segment alone",
  async (kind, write, read) => {
    const grid = Object.values(grids)[0] as VolumeGeometry;
    const masks = [maskWhere(grid, (value) => value > 690 && value < 760), maskWhere(grid, (value) => value >= 600 && value < 680)];
    const input = objectInput(grid, masks, { kind });
    Object.assign(input.segments[0]!, { networkWording, algorithmType: 'AUTOMATIC' });
    Object.assign(input.segments[1]!, { algorithmType: 'MANUAL', algorithmName: 'By hand and 2 more steps' });
    const { bytes } = await write(input, quiet);
    const back = await read(bytes, { name: 'a.dcm', targets: [{ ...input.series, source: input.source }] }, quiet);
    expect(back?.segments).toMatchObject([
      { networkWording, algorithmType: 'AUTOMATIC' },
      { networkWording: null, algorithmType: 'MANUAL' },
    ]);
  },
);
