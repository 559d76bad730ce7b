import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startCrew } from '../electron/processes/crew.ts';
import { type BitGrid, unpackMask } from '../kernels/labels/bits.ts';
import { cutBits } from '../kernels/labels/bits-box.ts';
import { componentsOfBits, keepLargest } from '../kernels/labels/components.ts';
import { squaredDistance } from '../kernels/labels/distance.ts';
import { fillHoles } from '../kernels/labels/fill-holes.ts';
import { thresholdBits } from '../kernels/labels/threshold.ts';
import { checkMesh } from '../kernels/mesh/check.ts';
import { decimateMesh } from '../kernels/mesh/decimate.ts';
import { greySurface } from '../kernels/mesh/grey-surface.ts';
import { mendSelfIntersections } from '../kernels/mesh/mend-self-intersections.ts';
import type { Mesh } from '../kernels/mesh/mesh.ts';
import { smoothMesh } from '../kernels/mesh/smooth.ts';
import { writeStlByParts } from '../kernels/mesh/stl-write.ts';
import { extractSurface } from '../kernels/mesh/surface.ts';
import { surfaceError } from '../kernels/mesh/surface-truth.fixture.ts';
import type { Triple, VolumeGeometry } from '../kernels/volume/geometry.ts';
import { type Timed, timed } from './timed.ts';

/**
 * `node bench/product.ts RAW JSON OUTDIR THREADS`: cleaning and modelling of one int16 volume, stage by stage, with the kernels and threads
 * of the product. RAW is little-endian, i fastest; JSON has shape_xyz and spacing_mm. Prints one JSON line a stage and writes what it
 * made into OUTDIR, so that others can check it.
 */
const [raw, description, out, threads] = process.argv.slice(2) as [string, string, string, string];
const meta = JSON.parse(readFileSync(description, 'utf8')) as { shape_xyz: Triple; spacing_mm: Triple; psf_sigma_mm?: number };
const { shape_xyz: dimensions, spacing_mm: spacingMm } = meta;
const geometry: VolumeGeometry = { dimensions, spacingMm, originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
const values = new Int16Array(new SharedArrayBuffer(dimensions[0] * dimensions[1] * dimensions[2] * 2));
const file = openSync(raw, 'r');
const bytes = new Uint8Array(values.buffer);
for (let at = 0; at < bytes.length; ) {
  const read = readSync(file, bytes, at, Math.min(2 ** 26, bytes.length - at), at);
  if (read === 0) throw new Error(`${raw} is shorter than its grid`);
  at += read;
}
closeSync(file);
const crew = startCrew(Number(threads));
const { run } = crew;
const runs = 5;
const roi: Triple = [260, 180, 110];
const place = (name: string) => path.join(out, name);

const say = (stage: string, times: Timed, result: object) =>
  process.stdout.write(`${JSON.stringify({ stage, peer: 'product', ...times, result })}\n`);

/** The figures that others are compared with. */
function told(mesh: Mesh): object {
  const m = checkMesh(mesh);
  const watertight = m.openEdges === 0 && m.nonManifoldEdges === 0 && m.misorientedEdges === 0;
  return {
    watertight,
    triangles: m.triangles,
    vertices: m.vertices,
    degenerate: m.degenerateTriangles,
    volume_ml: Math.round(m.volumeMm3 * 10) / 1e4,
    area_cm2: Math.round(m.areaMm2 * 10) / 1e3,
    euler: m.eulerNumber,
  };
}
function save(name: string, mesh: Mesh): void {
  writeFileSync(place(`${name}.v.f32`), new Uint8Array(Float32Array.from(mesh.positions).buffer));
  writeFileSync(place(`${name}.f.u32`), new Uint8Array(Uint32Array.from(mesh.triangles).buffer));
}

const threshold = () => thresholdBits(values, dimensions, 200, null, run);
const largest = async (bits: BitGrid) => {
  const parts = await componentsOfBits(bits, 26, run);
  return { ...keepLargest(parts), count: parts.count };
};
const smoothed = (mesh: Mesh) => smoothMesh(mesh, geometry, { iterations: 20, maskToleranceMm: null }, run);
const decimated = (mesh: Mesh) => decimateMesh(mesh, { errorMm: null, part: 0.25 }, run);
const written = async (mesh: Mesh) => {
  const bytes = await writeStlByParts(mesh, 'Lamina binary STL, millimetres, LPS', run);
  writeFileSync(place('product.stl'), bytes);
  return bytes.length;
};

/** Each stage with the result of the one before; what they made is let go at the end, so that the whole job starts with an empty table. */
async function stages(): Promise<void> {
  const mask = await timed(runs, threshold);
  say('threshold', mask.timed, { voxels: mask.result.voxels });
  const kept = await timed(runs, () => largest(mask.result.bits));
  say('ccl26_keep', kept.timed, { components: kept.result.count, largest: kept.result.voxels });
  const both = await timed(runs, async () => largest((await threshold()).bits));
  say('threshold_keep', both.timed, { largest: both.result.voxels });
  writeFileSync(place('product-keep.u8'), unpackMask(kept.result.bits));
  const full = await timed(runs, () => fillHoles(kept.result.bits, 26, run));
  say('fill', full.timed, { voxels: full.result.voxels });
  writeFileSync(place('product-fill.u8'), unpackMask(full.result.bits));
  // The region of the orbits that the peers' line takes too.
  const [nx, ny, nz] = dimensions;
  const offsetIjk: Triple = [Math.floor(nx / 4), Math.floor(ny / 8), Math.floor(nz / 3)];
  const size = roi.map((side, n) => Math.min(side, (dimensions[n] ?? 0) - (offsetIjk[n] ?? 0))) as Triple;
  const region = cutBits(full.result.bits, { offsetIjk, dimensions: size });
  const distance = await timed(3, () => squaredDistance(region, spacingMm, run));
  say('edt_roi', distance.timed, {
    dimensions: region.dimensions,
    max_mm: Math.sqrt(distance.result.reduce((most, d) => Math.max(most, d), 0)),
  });
  const surface = await timed(runs, () => extractSurface(full.result.bits, geometry, run));
  say('contour_mask', surface.timed, told(surface.result));
  save('product-mc', surface.result);
  const smooth = await timed(runs, () => smoothed(surface.result));
  say('smooth', smooth.timed, told(smooth.result.mesh));
  save('product-sm', smooth.result.mesh);
  const light = await timed(3, () => decimated(smooth.result.mesh));
  say('decimate', light.timed, { ...told(light.result.mesh), bound_mm: light.result.boundMm });
  save('product-dec', light.result.mesh);
  const stl = await timed(runs, () => written(smooth.result.mesh));
  say('stl_write', stl.timed, { bytes: stl.result });
}

/**
 * How far the surface is from the phantom's analytic skull, mm, where the volume is that phantom: as users get it, from grey values,
 * smoothed and reduced to a quarter, from the same mask as the stages above.
 */
async function accuracy(): Promise<void> {
  const { bits } = await fillHoles((await largest((await threshold()).bits)).bits, 26, run);
  const found = await extractSurface(bits, geometry, run);
  const grey = await timed(1, () => greySurface(found, values, geometry, {}, run));
  const { mesh, tolerance } = grey.result;
  const smooth = await smoothMesh(mesh, geometry, { iterations: 20, maskToleranceMm: null, toleranceMm: tolerance }, run);
  const mended = await mendSelfIntersections(smooth.mesh, found.positions, run);
  const light = await decimated(mended.mesh);
  say('surface_error', grey.timed, {
    mask: surfaceError(found, meta),
    grey: surfaceError(mesh, meta),
    smoothed: surfaceError(mended.mesh, meta),
    decimated: surfaceError(light.mesh, meta),
    crossings: { mended: mended.mended, left: mended.left },
    wholeVolumeMm3: checkMesh(light.mesh).volumeMm3,
  });
}

try {
  await stages();
  // From the volume in memory to the finished file, the triangles reduced on the way as a user gets them; the file is of the smooth mesh.
  const all = await timed(3, async () => {
    const { bits: bone } = await fillHoles((await largest((await threshold()).bits)).bits, 26, run);
    const { mesh } = await smoothed(await extractSurface(bone, geometry, run));
    const { mesh: reduced } = await decimated(mesh);
    return { bytes: await written(mesh), triangles: reduced.triangles.length / 3 };
  });
  say('all', all.timed, all.result);
  // Only that phantom says how it was blurred.
  if (meta.psf_sigma_mm !== undefined) await accuracy();
} finally {
  await crew.end();
}
