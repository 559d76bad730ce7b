import { CanvasTexture, Group, LinearFilter, type PerspectiveCamera, Sprite, SpriteMaterial, SRGBColorSpace, Vector3 } from 'three';
import type { Bounds } from './planes.ts';

/** Where each letter stands: the direction in LPS that it names. */
const directions = { R: [-1, 0, 0], L: [1, 0, 0], A: [0, -1, 0], P: [0, 1, 0], S: [0, 0, 1], I: [0, 0, -1] } as const;
const sizePx = 128;
/** Height of a letter as a share of the view's height. */
const share = 0.034;
/** Room between the model and a letter, and the outermost place of a letter; half view heights. */
const gap = 0.05;
const edge = 0.92;

export interface Letters {
  group: Group;
  /** The box to stand round. */
  place(box: Bounds): void;
  /**
   * Before each frame: each letter goes to where its direction leaves the model on the screen, or to the edge of the view when the model
   * is larger; a letter whose direction points at the viewer or away fades.
   */
  face(camera: PerspectiveCamera): void;
  dispose(): void;
}

/** The six orientation letters: they turn with the patient and never cover the model. */
export function createLetters(colour: string): Letters {
  const group = new Group();
  const textures: CanvasTexture[] = [];
  const sprites = Object.entries(directions).map(([letter, direction]) => {
    const texture = letterTexture(letter, colour);
    textures.push(texture);
    const sprite = new Sprite(
      new SpriteMaterial({ map: texture, depthTest: false, depthWrite: false, transparent: true, toneMapped: false }),
    );
    sprite.renderOrder = 10;
    group.add(sprite);
    return { sprite, direction: new Vector3(...direction) };
  });
  const corners: Vector3[] = [];
  const middle = new Vector3();
  const onScreen = new Vector3();
  const ahead = new Vector3();
  return {
    group,
    place(box) {
      corners.length = 0;
      for (let index = 0; index < 8; index++)
        corners.push(
          new Vector3(index & 1 ? box.max[0] : box.min[0], index & 2 ? box.max[1] : box.min[1], index & 4 ? box.max[2] : box.min[2]),
        );
      middle
        .copy(corners[0] as Vector3)
        .add(corners[7] as Vector3)
        .multiplyScalar(0.5);
    },
    face(camera) {
      camera.updateMatrixWorld();
      const extent = seenExtent(corners, camera);
      const { x: mx, y: my, z: depth } = onScreen.copy(middle).project(camera);
      const height = camera.position.distanceTo(middle) * 2 * Math.tan((camera.fov * Math.PI) / 360) * share;
      for (const { sprite, direction } of sprites) {
        // the direction as the camera sees it: x and y along the screen, z toward the viewer
        ahead.copy(direction).transformDirection(camera.matrixWorldInverse);
        const across = Math.hypot(ahead.x, ahead.y);
        sprite.material.opacity = Math.max(0, Math.min(1, (across - 0.5) / 0.2));
        sprite.visible = sprite.material.opacity > 0;
        if (!sprite.visible) continue;
        const dx = ahead.x / camera.aspect;
        const dy = ahead.y;
        const room = (d: number, from: number, low: number, high: number) =>
          d > 0 ? (high - from) / d : d < 0 ? (low - from) / d : Infinity;
        const reach = Math.min(
          room(dx, mx, extent.left - gap / camera.aspect, extent.right + gap / camera.aspect),
          room(dy, my, extent.bottom - gap, extent.top + gap),
        );
        sprite.position.set(within(mx + dx * reach), within(my + dy * reach), depth).unproject(camera);
        sprite.scale.set(height, height, 1);
      }
    },
    dispose() {
      for (const { sprite } of sprites) sprite.material.dispose();
      for (const texture of textures) texture.dispose();
    },
  };
}

const within = (value: number) => Math.max(-edge, Math.min(edge, value));

/** What the box covers on the screen, -1 to 1. */
function seenExtent(corners: Vector3[], camera: PerspectiveCamera) {
  const extent = { left: 1, right: -1, bottom: 1, top: -1 };
  const seen = new Vector3();
  for (const corner of corners) {
    seen.copy(corner).project(camera);
    extent.left = Math.min(extent.left, seen.x);
    extent.right = Math.max(extent.right, seen.x);
    extent.bottom = Math.min(extent.bottom, seen.y);
    extent.top = Math.max(extent.top, seen.y);
  }
  return extent;
}

function letterTexture(letter: string, colour: string): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = sizePx;
  canvas.height = sizePx;
  const pen = canvas.getContext('2d');
  if (!pen) throw new TypeError('this browser has no 2D canvas');
  pen.font = `600 ${sizePx * 0.72}px Inter, "Inter Variable", system-ui, sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineWidth = sizePx * 0.14;
  pen.lineJoin = 'round';
  pen.strokeStyle = '#000000c0';
  pen.strokeText(letter, sizePx / 2, sizePx * 0.54);
  pen.fillStyle = colour;
  pen.fillText(letter, sizePx / 2, sizePx * 0.54);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.minFilter = LinearFilter;
  texture.generateMipmaps = false;
  return texture;
}
