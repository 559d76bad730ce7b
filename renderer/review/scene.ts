import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DirectionalLight,
  HemisphereLight,
  LinearFilter,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshStandardMaterial,
  MOUSE,
  NoToneMapping,
  type Quaternion,
  Raycaster,
  RGBAFormat,
  Scene,
  Spherical,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { anteriorDirection, createCamera, frameBox } from './camera.ts';
import { createLetters } from './letters.ts';
import type { Bounds } from './planes.ts';
import type { Rgb } from './ramp.ts';
import type { ShadedMesh } from './shade.ts';
import { type SeenLoop, seenOnPlane } from './sight.ts';

export interface ReviewScene {
  /** Shows a mesh, or nothing. The first one is framed from anterior; a later one keeps the view. */
  showMesh(mesh: ShadedMesh | null, bounds: Bounds | null): void;
  /** Colours of the mesh on screen instead of bone: two places a corner (see rampPlaces) on a ramp; null: bone. */
  paint(places: Float32Array | null, ramp: Rgb[]): void;
  /** The triangle under a place of the canvas (CSS px from its corner), and where it was met; null: black. */
  pick(xPx: number, yPx: number): { triangle: number; pointLps: [number, number, number] } | null;
  /** Places of the canvas (CSS px from its corner) as a line across the sight; null: no mesh. */
  see(places: readonly (readonly [number, number])[]): SeenLoop | null;
  /** Line segments, 6 numbers each, LPS mm. */
  showLines(lines: Float32Array | null, colour: string): void;
  /** Everything into view, direction kept. */
  fit(): void;
  /** The opening view. */
  reset(): void;
  /** Degrees: positive turns to the left and upward. */
  rotate(leftDegrees: number, upDegrees: number): void;
  /** Below 1 comes nearer. */
  zoom(factor: number): void;
  resize(widthPx: number, heightPx: number, pixelRatio: number): void;
  dispose(): void;
}

/** Material of bone: the mock's ivory, matt. */
const boneColour = '#e9dcc4';

/**
 * The three.js scene of the review: world units are patient millimetres (LPS), nothing is mirrored or moved. A frame is drawn only when
 * something changed. `onFrame` gets the camera's turn and the count of frames so far. Throws where WebGL cannot be had.
 */
export function createReviewScene(
  canvas: HTMLCanvasElement,
  letterColour: string,
  onFrame: (turn: Quaternion, frames: number) => void,
): ReviewScene {
  const renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: 'high-performance' });
  renderer.setClearColor(0x000000, 1);
  renderer.outputColorSpace = SRGBColorSpace;
  renderer.toneMapping = NoToneMapping;
  const scene = new Scene();
  const camera = createCamera(1);
  scene.add(camera);

  // the sky is superior; key and fill travel with the camera, so that no side is ever unlit
  const sky = new HemisphereLight(0xf4f1ea, 0x3a322c, 0.5);
  sky.position.set(0, 0, 1);
  const key = new DirectionalLight(0xfff4e4, 2.3);
  key.position.set(-0.75, 0.85, 0.75);
  const fill = new DirectionalLight(0xc4d2ea, 0.4);
  fill.position.set(1, -0.15, 0.6);
  camera.add(key, key.target, fill, fill.target);
  scene.add(sky);

  const material = new MeshStandardMaterial({
    color: boneColour,
    roughness: 0.62,
    metalness: 0,
    vertexColors: true,
    polygonOffset: true,
    polygonOffsetFactor: 1,
    polygonOffsetUnits: 1,
  });
  const mesh = new Mesh(new BufferGeometry(), material);
  mesh.visible = false;
  const lineMaterial = new LineBasicMaterial({ transparent: true, opacity: 0.95 });
  const lines = new LineSegments(new BufferGeometry(), lineMaterial);
  lines.visible = false;
  const letters = createLetters(letterColour);
  letters.group.visible = false;
  scene.add(mesh, lines, letters.group);

  const controls = new OrbitControls(camera, canvas);
  controls.enableDamping = false;
  controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.DOLLY };
  controls.rotateSpeed = 0.8;

  let box: Bounds | null = null;
  let openness: Float32Array | null = null;
  let texture: DataTexture | null = null;
  let size: [number, number] = [1, 1];
  const rays = new Raycaster();
  /** Bone or a map; under a map hollows are darkened less, so that a colour stays near the one in the legend. */
  const tint = (places: Float32Array | null) => {
    if (!openness) return;
    mesh.geometry.setAttribute('color', new BufferAttribute(greys(openness, places ? 0.55 : 0), 3, true));
    if (places) mesh.geometry.setAttribute('uv', new BufferAttribute(places, 2));
    else mesh.geometry.deleteAttribute('uv');
    material.map = places ? texture : null;
    material.color.set(places ? '#ffffff' : boneColour);
    material.needsUpdate = true;
  };
  let scheduled = 0;
  let frames = 0;
  let alive = true;
  const draw = () => {
    scheduled = 0;
    if (!alive || renderer.getContext().isContextLost()) return;
    letters.face(camera);
    renderer.render(scene, camera);
    frames++;
    onFrame(camera.quaternion, frames);
  };
  const request = () => {
    if (alive && scheduled === 0) scheduled = requestAnimationFrame(draw);
  };
  controls.addEventListener('change', request);
  canvas.addEventListener('webglcontextrestored', request);

  const look = (direction: Vector3) => {
    if (!box) return;
    controls.target.copy(frameBox(camera, box, direction));
    const reach = camera.position.distanceTo(controls.target);
    controls.minDistance = reach * 0.05;
    controls.maxDistance = reach * 6;
    controls.update();
    request();
  };
  const turn = new Spherical();
  const toward = new Vector3();
  // OrbitControls thinks with +y up; this is the same turn with +z (superior) up
  const orbit = (change: (turn: Spherical) => void) => {
    toward.copy(camera.position).sub(controls.target);
    turn.setFromVector3(new Vector3(toward.x, toward.z, -toward.y));
    change(turn);
    turn.phi = Math.max(0.01, Math.min(Math.PI - 0.01, turn.phi));
    toward.setFromSpherical(turn);
    camera.position.set(toward.x, -toward.z, toward.y).add(controls.target);
    controls.update();
    request();
  };

  return {
    showMesh(next, bounds) {
      const first = box === null;
      mesh.geometry.dispose();
      const geometry = new BufferGeometry();
      if (next) {
        geometry.setAttribute('position', new BufferAttribute(next.positions, 3));
        geometry.setAttribute('normal', new BufferAttribute(next.normals, 3));
      }
      mesh.geometry = geometry;
      openness = next?.openness ?? null;
      tint(null);
      mesh.visible = next !== null;
      letters.group.visible = next !== null;
      box = next ? bounds : null;
      if (box) letters.place(box);
      if (first) look(anteriorDirection);
      request();
    },
    paint(places, ramp) {
      texture?.dispose();
      texture = places ? rampTexture(ramp) : null;
      tint(places);
      request();
    },
    pick(xPx, yPx) {
      if (!mesh.visible) return null;
      rays.setFromCamera(new Vector2((2 * xPx) / size[0] - 1, 1 - (2 * yPx) / size[1]), camera);
      const [hit] = rays.intersectObject(mesh);
      return hit?.faceIndex === undefined || hit.faceIndex === null
        ? null
        : { triangle: hit.faceIndex, pointLps: [hit.point.x, hit.point.y, hit.point.z] };
    },
    see: (places) => (mesh.visible ? seenOnPlane(camera, controls.target, places, size) : null),
    showLines(next, colour) {
      lines.geometry.dispose();
      lines.geometry = new BufferGeometry();
      lines.visible = next !== null && next.length > 0;
      if (next) lines.geometry.setAttribute('position', new BufferAttribute(next, 3));
      if (next && colour) lineMaterial.color.set(colour);
      request();
    },
    fit: () => look(camera.position.clone().sub(controls.target)),
    reset: () => look(anteriorDirection),
    rotate: (left, up) =>
      orbit((t) => {
        t.theta -= (left * Math.PI) / 180;
        t.phi -= (up * Math.PI) / 180;
      }),
    zoom: (factor) =>
      orbit((t) => {
        t.radius = Math.max(controls.minDistance, Math.min(controls.maxDistance, t.radius * factor));
      }),
    resize(widthPx, heightPx, pixelRatio) {
      size = [Math.max(1, widthPx), Math.max(1, heightPx)];
      renderer.setPixelRatio(pixelRatio);
      renderer.setSize(widthPx, heightPx, false);
      camera.aspect = widthPx / Math.max(1, heightPx);
      camera.updateProjectionMatrix();
      // a first layout may come after the mesh: frame it for the real shape of the view, once
      if (frames === 0) look(anteriorDirection);
      request();
    },
    dispose() {
      alive = false;
      cancelAnimationFrame(scheduled);
      canvas.removeEventListener('webglcontextrestored', request);
      controls.dispose();
      letters.dispose();
      mesh.geometry.dispose();
      lines.geometry.dispose();
      material.dispose();
      texture?.dispose();
      lineMaterial.dispose();
      renderer.dispose();
    },
  };
}

/**
 * Openness as a colour that multiplies the bone: hollows grow darker and a little warmer, never black. `lift` 0 to 1: how much of the
 * darkening is left out.
 */
function greys(openness: Float32Array, lift: number): Uint8Array {
  const out = new Uint8Array(openness.length * 3);
  for (let n = 0; n < openness.length; n++) {
    const open = lift + (1 - lift) * (openness[n] as number);
    out[3 * n] = 255 * (0.1 + 0.9 * open);
    out[3 * n + 1] = 255 * (0.07 + 0.93 * open);
    out[3 * n + 2] = 255 * (0.055 + 0.945 * open);
  }
  return out;
}

/** What has no value: a grey that no ramp holds. */
const noValue: Rgb = [96, 100, 108];

/** The ramp as a picture that the card looks colours up in, between the values of a triangle's corners; the second row is for no value. */
function rampTexture(ramp: Rgb[]): DataTexture {
  const bytes = new Uint8Array(8 * ramp.length);
  ramp.forEach((rgb, n) => {
    bytes.set([...rgb, 255], 4 * n);
    bytes.set([...noValue, 255], 4 * (ramp.length + n));
  });
  const texture = new DataTexture(bytes, ramp.length, 2, RGBAFormat);
  texture.colorSpace = SRGBColorSpace;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
