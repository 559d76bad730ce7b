import type { SeriesSummary } from '../../../contract/volume.ts';
import type { LoadedVolume } from '../../stores/viewer.ts';

const side = 96;

/** A small grey picture of the middle slice of a volume in memory, for a case that was opened without a scan. */
export function volumeThumbnail(volume: LoadedVolume, window: { center: number; width: number }): NonNullable<SeriesSummary['thumbnail']> {
  const [columns, rows, slices] = volume.geometry.dimensions;
  const step = Math.max(1, columns / side, rows / side);
  const width = Math.max(1, Math.floor(columns / step));
  const height = Math.max(1, Math.floor(rows / step));
  const start = Math.floor(slices / 2) * columns * rows;
  const low = window.center - window.width / 2;
  let text = '';
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = volume.values[start + Math.floor(y * step) * columns + Math.floor(x * step)] ?? 0;
      text += String.fromCharCode(Math.max(0, Math.min(255, Math.round(((value - low) / window.width) * 255))));
    }
  return { width, height, grey: btoa(text) };
}
