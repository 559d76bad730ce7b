import type { MarkupKind, MarkupMeasures } from '../../../contract/markups.ts';
import { measureMarkup } from '../../../kernels/markups/measure.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../../../kernels/volume/geometry.ts';
import { uidFrom } from '../dicom-write.ts';
import type { ObjectInput } from './object-input.ts';

const names = { quoted: 'Boden <links> & "rechts"\n½ µm', text: 'Lücke; siehe CT-Bild' };

/** One markup of each kind on the third slice of a grid, and one of each that can lie in no slice; measured on an even image of 40 HU. */
export function markupsOn(geometry: VolumeGeometry): ObjectInput['markups'] {
  const [nx, ny, nz] = geometry.dimensions;
  const at = (i: number, j: number, k: number): Triple => indexToLps(geometry, i * (nx - 1), j * (ny - 1), k);
  const flat = (...places: [number, number][]): Triple[] => places.map(([i, j]) => at(i, j, 2));
  const through = (...places: Triple[]): Triple[] => places.map(([i, j, k]) => at(i, j, k * (nz - 1)));
  const drawn: [MarkupKind, Triple[], boolean][] = [
    ['closed-curve', flat([0.2, 0.1], [0.8, 0.2], [0.7, 0.9], [0.3, 0.7]), true],
    ['curve', flat([0.1, 0.1], [0.4, 0.7], [0.9, 0.2]), true],
    ['ellipse', flat([0.4, 0.5], [0.6, 0.5], [0.5, 0.95]), true],
    ['freehand', flat([0.1, 0.2], [0.5, 0.1], [0.9, 0.3], [0.6, 0.8], [0.2, 0.6]), true],
    ['line', flat([0.1, 0.9], [0.7, 0.3]), true],
    ['point', flat([0.35, 0.45]), true],
    ['pointer', flat([0.35, 0.45], [0.8, 0.9]), true],
    ['polygon', flat([0.1, 0.1], [0.9, 0.15], [0.5, 0.85]), true],
    ['polyline', flat([0.1, 0.1], [0.9, 0.15], [0.5, 0.85]), true],
    ['rectangle', flat([0.2, 0.2], [0.8, 0.2], [0.8, 0.7], [0.2, 0.7]), true],
    ['text', flat([0.6, 0.4]), true],
    ['text-pointer', flat([0.6, 0.4], [0.9, 0.9]), true],
    ['angle', flat([0.1, 0.1], [0.5, 0.2], [0.6, 0.9]), true],
    ['line', through([0.05, 0.9, 0.1], [0.7, 0.3, 0.95]), false],
    ['point', through([0.35, 0.45, 0.63]), false],
    ['angle', through([0.05, 0.9, 0.1], [0.7, 0.3, 0.95], [0.1, 0.1, 0.4]), false],
  ];
  const image = { values: new Int16Array(voxelCount(geometry.dimensions)).fill(40), geometry };
  return drawn.map(([kind, pointsLps, inPlane], n) => {
    const normalLps = inPlane ? (geometry.directionLps.slice(6, 9) as Triple) : null;
    const { values, ...rest } = measureMarkup({ kind, pointsLps, normalLps }, image);
    const measures: MarkupMeasures = { ...rest, values: values && { ...values, units: 'HU' } };
    return {
      id: `markup-${n + 1}`,
      kind,
      name: `${kind} ${n + 1} ${names.quoted}`.replaceAll('\n', ' ').slice(0, 64),
      series: uidFrom('fixture series'),
      pointsLps,
      normalLps,
      text: kind.startsWith('text') || n % 4 === 0 ? `${names.text} ${n}\nzweite Zeile` : '',
      segment: null,
      measures,
      trackingUid: uidFrom(`fixture markup ${n}`),
    };
  });
}
