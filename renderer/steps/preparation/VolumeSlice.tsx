import { useEffect, useRef } from 'react';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { type LoadedVolume, useViewer } from '../../stores/viewer.ts';
import { useNarrow } from './use-narrow.ts';

/** Which index axis runs along left, posterior, superior, and whether it runs towards it. */
export function patientAxes(directionLps: readonly number[]): { axis: number; forward: boolean }[] {
  return [0, 1, 2].map((lps) => {
    const along = [0, 1, 2].map((axis) => directionLps[axis * 3 + lps] ?? 0);
    const axis = along.reduce((best, v, n) => (Math.abs(v) > Math.abs(along[best] ?? 0) ? n : best), 0);
    return { axis, forward: (along[axis] ?? 0) >= 0 };
  });
}

/** Width over height of the coronal plane in millimetres, whatever the shape of its voxels. */
export function coronalRatio({ dimensions, spacingMm, directionLps }: VolumeGeometry): number {
  const [left, , superior] = patientAxes(directionLps);
  const mm = (axis: number) => (dimensions[axis] as number) * (spacingMm[axis] as number);
  return mm(left?.axis ?? 0) / mm(superior?.axis ?? 2);
}

/**
 * The middle coronal slice as a small picture: patient's right on the viewer's left, head up. Voxels are drawn as they are and stretched
 * to millimetres; an oblique volume is shown along its nearest axes.
 */
function draw(canvas: HTMLCanvasElement, volume: LoadedVolume, window: { center: number; width: number }): void {
  const { dimensions, directionLps } = volume.geometry;
  const [left, posterior, superior] = patientAxes(directionLps) as [
    { axis: number; forward: boolean },
    { axis: number; forward: boolean },
    { axis: number; forward: boolean },
  ];
  const across = dimensions[left.axis] as number;
  const up = dimensions[superior.axis] as number;
  canvas.width = across;
  canvas.height = up;
  const context = canvas.getContext('2d');
  if (!context) return;
  const picture = context.createImageData(across, up);
  const strides = [1, dimensions[0], dimensions[0] * dimensions[1]];
  const fixed = Math.floor((dimensions[posterior.axis] as number) / 2) * (strides[posterior.axis] as number);
  const low = window.center - window.width / 2;
  for (let y = 0; y < up; y++) {
    const k = superior.forward ? up - 1 - y : y;
    for (let x = 0; x < across; x++) {
      const i = left.forward ? x : across - 1 - x;
      const value = volume.values[fixed + k * (strides[superior.axis] as number) + i * (strides[left.axis] as number)] ?? 0;
      const grey = Math.max(0, Math.min(255, ((value - low) / window.width) * 255));
      const at = (y * across + x) * 4;
      picture.data[at] = picture.data[at + 1] = picture.data[at + 2] = grey;
      picture.data[at + 3] = 255;
    }
  }
  context.putImageData(picture, 0, 0);
}

export function VolumeSlice() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const volume = useViewer((s) => s.volume);
  const window = useViewer((s) => s.window);
  useEffect(() => {
    if (canvas.current && volume) draw(canvas.current, volume, window);
  }, [volume, window]);
  const heightPx = useNarrow() ? 160 : 230;
  const ratio = volume ? coronalRatio(volume.geometry) : 1;
  return (
    <div
      className="slice"
      style={{ '--pc': 'var(--plane-coronal)', height: heightPx, display: 'grid', placeItems: 'center' } as React.CSSProperties}
    >
      {volume && (
        // The canvas counts voxels, its box millimetres: the picture is stretched to the box, never fitted into it.
        <canvas
          ref={canvas}
          role="img"
          aria-label="Middle coronal slice"
          style={{ width: `min(100%, ${heightPx * ratio}px)`, height: 'auto', aspectRatio: ratio, objectFit: 'fill' }}
        />
      )}
      <span className="tl">Coronal</span>
      <span className="o w">R</span>
      <span className="o e">L</span>
    </div>
  );
}
