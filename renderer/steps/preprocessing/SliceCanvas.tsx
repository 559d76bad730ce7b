import { type ReactNode, useEffect, useRef } from 'react';
import type { Plane } from '../../stores/viewer.ts';
import { orientationLetters, planeAxes, scaleBar } from '../../viewports/index.ts';
import type { SlicePlace } from './slice-place.ts';

export interface SliceCamera {
  /** Middle of the view on the plane, mm. */
  centre: [number, number];
  mmPerPx: number;
}

/** A picture and where it lies; `from` is the share of the view's width from which it is drawn. */
export interface PlacedPicture {
  bitmap: HTMLCanvasElement;
  place: SlicePlace;
  from: number;
}

/** Pixels of a slice as a picture that a canvas can draw. */
export function bitmapOf(pixels: Uint32Array<ArrayBuffer>, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
  return canvas;
}

function draw(canvas: HTMLCanvasElement, camera: SliceCamera, pictures: PlacedPicture[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  const s = ratio / camera.mmPerPx;
  context.imageSmoothingQuality = 'high';
  for (const { bitmap, place, from } of pictures) {
    context.save();
    context.beginPath();
    context.rect(Math.round(from * width), 0, width, height);
    context.clip();
    context.fillRect(0, 0, width, height);
    const { first, column, row } = place;
    const edge = [0, 1].map((a) => (first[a] as number) - 0.5 * (column[a] as number) - 0.5 * (row[a] as number)) as [number, number];
    context.setTransform(
      column[0] * s,
      column[1] * s,
      row[0] * s,
      row[1] * s,
      (edge[0] - camera.centre[0]) * s + width / 2,
      (edge[1] - camera.centre[1]) * s + height / 2,
    );
    context.drawImage(bitmap, 0, 0);
    context.restore();
  }
}

interface SliceCanvasProps {
  plane: Plane;
  camera: SliceCamera;
  pictures: PlacedPicture[];
  testid: string;
  children?: ReactNode;
}

/** One view of the preview: pictures in millimetres, with the letters and the scale bar of the planes. */
export function SliceCanvas({ plane, camera, pictures, testid, children }: SliceCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () => draw(element, camera, pictures);
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [camera, pictures]);
  const { rightLps, downLps } = planeAxes[plane];
  const letters = (direction: readonly number[], sign: 1 | -1) =>
    orientationLetters(direction.map((v) => v * sign) as [number, number, number]);
  const { lengthMm, lengthPx } = scaleBar(camera.mmPerPx, 110);
  return (
    <div className="vp pre-view" data-plane={plane} data-cover="none">
      <canvas ref={canvas} className="vp-layer" data-testid={testid} />
      <div className="vp-letter vp-n">{letters(downLps, -1)}</div>
      <div className="vp-letter vp-s">{letters(downLps, 1)}</div>
      <div className="vp-letter vp-w">{letters(rightLps, -1)}</div>
      <div className="vp-letter vp-e">{letters(rightLps, 1)}</div>
      <div className="vp-scale">
        <i style={{ width: lengthPx }} />
        <span>{lengthMm >= 0.1 ? `${Number(lengthMm.toPrecision(2))} mm` : `${Number((lengthMm * 1000).toPrecision(2))} µm`}</span>
      </div>
      {children}
    </div>
  );
}
