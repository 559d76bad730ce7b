import type { LoadedVolume } from '../stores/viewer.ts';
import type { PlaneAxes } from './camera/plane-axes.ts';
import { canvasToLps, type PlaneCamera } from './camera/plane-camera.ts';
import { linearValue } from './voxel-at.ts';

const pointsPerSide = 40;
const greyTolerance = 14;
const agreementAsked = 0.9;

export interface PictureVerdict {
  follows: boolean;
  points: number;
  agreeing: number;
}

let scratch: CanvasRenderingContext2D | null = null;

/** A copy of the picture that can be read without moving Cornerstone's own canvas off the graphics card. */
function pixels(canvas: HTMLCanvasElement): ImageData {
  scratch ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!scratch) throw new TypeError('no 2D canvas');
  scratch.canvas.width = canvas.width;
  scratch.canvas.height = canvas.height;
  scratch.drawImage(canvas, 0, 0);
  return scratch.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * Whether a picture shows the data: a lattice of pixels is read back and compared with the greys that the voxels under them must have.
 * A first frame can be an even grey, and a lost context an old picture; neither may pass for the patient.
 * Reading the picture also waits for the graphics card.
 */
export function pictureFollows(
  canvas: HTMLCanvasElement,
  volume: LoadedVolume,
  axes: PlaneAxes,
  camera: PlaneCamera,
  window: { center: number; width: number },
): PictureVerdict {
  if (canvas.width === 0 || canvas.height === 0) return { follows: false, points: 0, agreeing: 0 };
  const { data: rgba, width, height } = pixels(canvas);
  const low = window.center - window.width / 2;
  let points = 0;
  let agreeing = 0;
  for (let r = 0; r < pointsPerSide; r++) {
    for (let c = 0; c < pointsPerSide; c++) {
      const px = Math.floor(((c + 0.5) / pointsPerSide) * width);
      const py = Math.floor(((r + 0.5) / pointsPerSide) * height);
      const point = canvasToLps(axes, camera, ((px + 0.5) / width) * camera.widthPx, ((py + 0.5) / height) * camera.heightPx);
      const value = linearValue(volume, point);
      if (value === null || Number.isNaN(value)) continue;
      const grey = 255 * Math.min(1, Math.max(0, (value - low) / window.width));
      const at = 4 * (py * width + px);
      points++;
      if (Math.abs(rgba[at]! - grey) <= greyTolerance && rgba[at + 3] === 255) agreeing++;
    }
  }
  return { follows: points > 0 ? agreeing >= agreementAsked * points : true, points, agreeing };
}
