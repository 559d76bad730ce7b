import { findOrbits, regionOf } from '../../../kernels/networks/find-orbits.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';

export interface OrbitsQuestion {
  values: Int16Array | Float32Array;
  geometry: VolumeGeometry;
}
export type OrbitsAnswer = { boxLps: [number, number, number, number, number, number] } | { none: true };

self.onmessage = ({ data: { values, geometry } }: MessageEvent<OrbitsQuestion>) => {
  const orbits = findOrbits(values, geometry);
  self.postMessage((orbits ? { boxLps: regionOf(orbits) } : { none: true }) satisfies OrbitsAnswer);
};
