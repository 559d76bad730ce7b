import { Hono } from 'hono';
import { Refusal } from '../../../contract/errors.ts';
import { meshFileRequest, pathRequest, phantomRequest, runRequest } from '../../../contract/routes.ts';
import type { VolumeGeometry } from '../../../contract/volume.ts';
import type { VolumeFile } from '../../processes/protocol.ts';
import { voxelVolumeOf } from '../geometry.ts';
import type { JobContext } from '../jobs.ts';
import { aboutMesh } from '../modelling/about-mesh.ts';
import { kindOfName } from '../modelling/export.ts';
import { stlHeader } from '../modelling/mesh.ts';
import { runWhole } from '../pipeline.ts';
import type { Ports } from '../ports.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/**
 * The image that belongs to a labelmap: its grid, and its values for the sub-voxel surface; null where they are not HU. Refuses one that lies on another
 * grid: a mesh of the wrong place is the worst kind.
 */
async function imageOf(
  ports: Ports,
  image: string,
  grid: VolumeGeometry,
  into: string,
  context: JobContext,
): Promise<{ geometry: VolumeGeometry; volume: VolumeFile | null }> {
  const { report, files } = await ports.compute.run(
    'import',
    { paths: [image], seriesInstanceUid: null, allow: [], into },
    { onProgress: context.progress, signal: context.signal },
  );
  const first = report.reasons[0];
  if (!report.series.length)
    throw new Refusal(first?.code ?? 'NO_READABLE_IMAGES', first?.message ?? 'The image cannot be read.', { reasons: report.reasons });
  const corners = (g: VolumeGeometry) => {
    const [sx, sy, sz] = g.spacingMm;
    const d = g.directionLps;
    return [...g.dimensions, ...g.originLps, ...[0, 1, 2].flatMap((a) => [d[a]! * sx, d[3 + a]! * sy, d[6 + a]! * sz])];
  };
  const wanted = corners(grid);
  const at = report.series.findIndex((s) => corners(s).every((v, n) => Math.abs(v - wanted[n]!) < 1e-3));
  const series = report.series[at];
  const file = files[at];
  if (!series || !file)
    throw new Refusal(
      'GRID_MISMATCH',
      'The labelmap and the image do not lie on the same grid, so that one does not belong to the other. Give the image that it was drawn on, or resample one onto the other.',
    );
  // The image's own numbers: NIfTI keeps its grid in float32, and the surface is to be that of the case to the last bit.
  const { dimensions, spacingMm, originLps, directionLps } = series;
  const geometry = { dimensions, spacingMm, originLps, directionLps };
  return { geometry, volume: series.voxels.units === 'HU' ? { ...geometry, path: file.path, dtype: series.voxels.dtype } : null };
}

/** What scripts ask for without a case. */
export function scriptRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/run', async (c) => {
    const request = await bodyOf(c, runRequest);
    return accepted(c, rooms, 'Run', (context) => runWhole(ports, open, request, context));
  });
  app.post('/decode', async (c) => {
    const path = ports.files.absolute((await bodyOf(c, pathRequest)).path);
    return accepted(c, rooms, 'Decode', (context) => ports.compute.run('decode', { path }, { signal: context.signal }));
  });
  app.post('/phantom', async (c) => {
    const request = await bodyOf(c, phantomRequest);
    const into = ports.files.absolute(request.into);
    return accepted(c, rooms, 'Phantom', (context) =>
      ports.compute.run('phantom', { ...request, into }, { onProgress: context.progress, signal: context.signal }),
    );
  });
  app.post('/mesh-file', async (c) => {
    const request = await bodyOf(c, meshFileRequest);
    const kind = kindOfName(request.out);
    return accepted(c, rooms, 'Mesh', async (context) => {
      const into = await ports.files.temporary();
      try {
        const options = { onProgress: context.progress, signal: context.signal };
        const read = await ports.compute.run('readLabelmap', { path: ports.files.absolute(request.labelmap), into }, options);
        const { image } = request;
        const { geometry, volume } =
          image === null
            ? { geometry: read.geometry, volume: null }
            : await imageOf(ports, ports.files.absolute(image), read.geometry, into, context);
        const made = await ports.compute.run(
          'mesh',
          {
            mask: { base: read.mask.path, deltas: [] },
            geometry,
            volume,
            settings: request.settings,
            into,
            header: `${stlHeader}, unsigned`,
          },
          options,
        );
        const { reasons } = made;
        if (reasons[0] && !request.failed) throw new Refusal(reasons[0].code, reasons[0].message, { reasons, report: made.report });
        const path = ports.files.absolute(request.out);
        if (kind === 'stl') await ports.files.copy(made.stl.path, path);
        else {
          const of = { case: null, segment: 'Bone', series: null, mesh: made.stl.sha256, signedBy: null, passed: reasons.length === 0 };
          await ports.compute.run('writeMesh', { stl: made.stl.path, kind, about: aboutMesh(ports, of), path }, options);
        }
        const segmentVolumeMm3 = read.voxels * voxelVolumeOf(geometry);
        return { ...made.report, signed: false, segmentVolumeMm3, networkWording: read.networkWording };
      } finally {
        await ports.files.remove(into);
      }
    });
  });
  return app;
}
