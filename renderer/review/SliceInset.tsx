import { useEffect, useMemo, useRef, useState } from 'react';
import type { Mesh } from '../../kernels/mesh/mesh.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume, Plane } from '../stores/viewer.ts';
import { drawCtSlice, type SliceFrame } from './ct-slice.ts';
import { type Bounds, planeAxes, type SliceRange } from './planes.ts';

interface SliceInsetProps {
  plane: Plane;
  mesh: Mesh | null;
  bounds: Bounds;
  /** The model's outline in this plane: 6 numbers a segment, LPS mm. */
  outline: Float32Array;
  volume: LoadedVolume | null;
  window: { center: number; width: number };
  range: SliceRange;
  sliceMm: number;
  onSliceMm: (mm: number) => void;
}

/** The CT under the model: one slice with the outline of the very triangles that will be printed. */
export function SliceInset({ plane, bounds, outline, volume, window, range, sliceMm, onSliceMm }: SliceInsetProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const axes = planeAxes[plane];
  const frame = useMemo(() => frameAround(bounds, plane, sliceMm, size.width, size.height), [bounds, plane, sliceMm, size]);

  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!pen || frame.width === 0) return;
    pen.canvas.width = frame.width;
    pen.canvas.height = frame.height;
    if (volume) {
      const pixels = pen.createImageData(frame.width, frame.height);
      drawCtSlice(volume, frame, window, pixels.data);
      pen.putImageData(pixels, 0, 0);
    }
    const path = outlinePath(outline, frame);
    pen.lineCap = 'round';
    for (const [width, colour] of [
      [3.5, '#000000a0'],
      [1.5, '#f3dcae'],
    ] as const) {
      pen.lineWidth = width * size.ratio;
      pen.strokeStyle = colour;
      pen.stroke(path);
    }
  }, [frame, volume, window, outline, size.ratio]);

  const index = Math.max(0, Math.min(range.count - 1, Math.round((sliceMm - range.fromMm) / range.stepMm)));
  const title = `${plane[0]?.toUpperCase()}${plane.slice(1)}`;
  return (
    <figure
      className="review-inset"
      style={{ margin: 0 }}
      data-testid="review-inset"
      onWheel={(event) => {
        const next = index + (event.deltaY > 0 ? 1 : -1);
        if (next >= 0 && next < range.count) onSliceMm(range.fromMm + next * range.stepMm);
      }}
    >
      <canvas ref={canvas} role="img" aria-label={`${title} slice at ${sliceMm.toFixed(1)} mm with the outline of the model`} />
      <figcaption>
        <i className="review-square" style={{ background: `var(--plane-${plane})` }} />
        <b>{title}</b>
        <span>
          {sliceMm.toFixed(1)} mm · {volume ? 'model outline' : 'outline only, no CT here'}
        </span>
      </figcaption>
      {axes.letters.map((letter) => (
        <span key={letter} className="review-letter">
          {letter}
        </span>
      ))}
      <input
        type="range"
        min={0}
        max={range.count - 1}
        step={1}
        value={index}
        aria-label={`${title} slice`}
        aria-valuetext={`${sliceMm.toFixed(1)} mm`}
        onChange={(event) => onSliceMm(range.fromMm + Number(event.target.value) * range.stepMm)}
      />
    </figure>
  );
}

/** Pixels round the model with a little of its surroundings, square in mm. */
function frameAround(bounds: Bounds, plane: Plane, sliceMm: number, width: number, height: number): SliceFrame {
  const { right, down, along } = planeAxes[plane];
  const middle = bounds.min.map((low, axis) => (low + (bounds.max[axis] as number)) / 2) as Triple;
  middle[along] = sliceMm;
  const reach = (direction: Triple) =>
    direction.reduce((sum, part, axis) => sum + Math.abs(part) * ((bounds.max[axis] as number) - (bounds.min[axis] as number)), 0);
  const stepMm = Math.max((reach(right) * 1.12) / Math.max(1, width), (reach(down) * 1.22) / Math.max(1, height), 1e-3);
  const originLps = middle.map(
    (value, axis) => value - stepMm * (((width - 1) / 2) * (right[axis] as number) + ((height - 1) / 2) * (down[axis] as number)),
  ) as Triple;
  return { originLps, right, down, stepMm, width, height };
}

function outlinePath(outline: Float32Array, frame: SliceFrame): Path2D {
  const path = new Path2D();
  const place = (at: number, direction: Triple) =>
    ((outline[at] as number) - frame.originLps[0]) * direction[0] +
    ((outline[at + 1] as number) - frame.originLps[1]) * direction[1] +
    ((outline[at + 2] as number) - frame.originLps[2]) * direction[2];
  for (let at = 0; at < outline.length; at += 6) {
    // pixel centres: the first pixel's centre is at half a pixel
    path.moveTo(place(at, frame.right) / frame.stepMm + 0.5, place(at, frame.down) / frame.stepMm + 0.5);
    path.lineTo(place(at + 3, frame.right) / frame.stepMm + 0.5, place(at + 3, frame.down) / frame.stepMm + 0.5);
  }
  return path;
}

function useSize(canvas: { current: HTMLCanvasElement | null }): { width: number; height: number; ratio: number } {
  const [size, setSize] = useState({ width: 0, height: 0, ratio: 1 });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const measure = () => {
      const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
      setSize({ width: Math.round(element.clientWidth * ratio), height: Math.round(element.clientHeight * ratio), ratio });
    };
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    measure();
    return () => watch.disconnect();
  }, [canvas]);
  return size;
}
