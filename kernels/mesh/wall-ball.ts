import { type FacingTree, nodeNumbers, opposed } from './facing-tree.ts';
import { leafSlots } from './place-tree.ts';
import { FirstHit } from './ray-hits.ts';
import { findFoot, footR, footS, footSquared, newFoot } from './triangle-foot.ts';

/** The ball is found when it shrinks by less than this part of its radius. */
const settled = 1e-7;
/** Surface that would make the ball smaller by less than the rest of this is not looked for. */
const worthwhile = 0.998;
/** Contacts nearer than this part of the ball are the point itself. */
const itself = 1e-9;

/** Measures the wall at one point of a surface after the other; see `wallThickness`. Queries in order of place are fastest. */
export class WallBall {
  private readonly tree: FacingTree;
  private readonly rays: FirstHit;
  private readonly stack = new Int32Array(128);
  /** The ball's radius when each node was put on the stack. */
  private readonly radii = new Float64Array(128);
  private readonly mostMm: number;
  private readonly foot = newFoot();
  /** The point p, its normal n, the radius of the ball so far and where it touches: numbers kept here need no place on the heap. */
  private readonly q = new Float64Array(10);
  private slot = -1;

  constructor(tree: FacingTree) {
    this.tree = tree;
    this.rays = new FirstHit(tree);
    const { boxes } = tree;
    this.mostMm = 1 + Math.hypot(boxes[9] - boxes[6], boxes[10] - boxes[7], boxes[11] - boxes[8]);
  }

  /** Forgets the last contact, so that an answer does not depend on what was asked before. */
  forget(): void {
    this.slot = -1;
  }

  /** Shrinks the ball until it no longer holds the triangle of the slot, where that opposes the normal; true where it did shrink. */
  private shrink(slot: number): boolean {
    const { corners, normals } = this.tree;
    const { q, foot } = this;
    const nx = q[3];
    const ny = q[4];
    const nz = q[5];
    const mx = normals[slot * 3];
    const my = normals[slot * 3 + 1];
    const mz = normals[slot * 3 + 2];
    const facing = mx * nx + my * ny + mz * nz;
    if (!(facing < opposed)) return false;
    const at = slot * 9;
    const ax = corners[at];
    const ay = corners[at + 1];
    const az = corners[at + 2];
    const px = q[0];
    const py = q[1];
    const pz = q[2];
    const first = q[6];
    const behind = mx * (ax - px) + my * (ay - py) + mz * (az - pz);
    // Seen from its outside it is another wall's face. The ball that touches its plane is the smallest that can touch the triangle.
    if (behind <= 0 || behind >= first * (1 - facing)) return false;
    let r = first;
    for (let round = 0; round < 40; round++) {
      foot[0] = px - r * nx;
      foot[1] = py - r * ny;
      foot[2] = pz - r * nz;
      findFoot(corners, at, foot);
      if (foot[footSquared] >= r * r) break;
      const s = foot[footS];
      const t = foot[footR];
      const qx = ax + s * (corners[at + 3] - ax) + t * (corners[at + 6] - ax);
      const qy = ay + s * (corners[at + 4] - ay) + t * (corners[at + 7] - ay);
      const qz = az + s * (corners[at + 5] - az) + t * (corners[at + 8] - az);
      const wx = px - qx;
      const wy = py - qy;
      const wz = pz - qz;
      const ww = wx * wx + wy * wy + wz * wz;
      const depth = wx * nx + wy * ny + wz * nz;
      // A foot that no ball inside can touch is p itself.
      const touching = depth > itself * first ? ww / (2 * depth) : Infinity;
      if (!(touching < r * (1 - settled))) break;
      r = touching;
      q[7] = qx;
      q[8] = qy;
      q[9] = qz;
    }
    q[6] = r;
    return r < first;
  }

  /** Whether a triangle under the node may oppose the normal and lie within the ball. */
  private mayTouch(node: number): boolean {
    const { nodes } = this.tree;
    const { q } = this;
    const at = node * nodeNumbers;
    const kx = nodes[at + 6];
    const ky = nodes[at + 7];
    const kz = nodes[at + 8];
    const along = kx * q[3] + ky * q[4] + kz * q[5];
    if (along >= nodes[at + 9]) return false;
    const r = q[6] * worthwhile;
    const x = q[0] - r * q[3];
    const y = q[1] - r * q[4];
    const z = q[2] - r * q[5];
    if (kx * x + ky * y + kz * z + r <= nodes[at + 10]) return false;
    const dx = x < nodes[at] ? nodes[at] - x : x > nodes[at + 3] ? x - nodes[at + 3] : 0;
    const dy = y < nodes[at + 1] ? nodes[at + 1] - y : y > nodes[at + 4] ? y - nodes[at + 4] : 0;
    const dz = z < nodes[at + 2] ? nodes[at + 2] - z : z > nodes[at + 5] ? z - nodes[at + 5] : 0;
    return dx * dx + dy * dy + dz * dz < r * r;
  }

  /** Distance of p to the middle of the node's box, along the axes, twice. */
  private awayFrom(node: number): number {
    const { nodes } = this.tree;
    const { q } = this;
    const at = node * nodeNumbers;
    return (
      Math.abs(nodes[at] + nodes[at + 3] - 2 * q[0]) +
      Math.abs(nodes[at + 1] + nodes[at + 4] - 2 * q[1]) +
      Math.abs(nodes[at + 2] + nodes[at + 5] - 2 * q[2])
    );
  }

  /** Thickness in mm at the point p, whose unit normal n points outside; NaN where nothing opposes it. */
  thicknessMm(px: number, py: number, pz: number, nx: number, ny: number, nz: number): number {
    const { leaves, count, normals } = this.tree;
    const { stack, radii, mostMm, q, rays } = this;
    q[0] = px;
    q[1] = py;
    q[2] = pz;
    q[3] = nx;
    q[4] = ny;
    q[5] = nz;
    q[6] = mostMm;
    let found = this.slot >= 0 && this.shrink(this.slot) ? this.slot : -1;
    // Without a near contact to start from a ray finds one: a ball as large as the head holds most of the surface.
    if (found < 0 && rays.along(px, py, pz, -nx, -ny, -nz, 1e-6, mostMm) < Infinity && this.shrink(rays.slot)) found = rays.slot;
    let top = 0;
    radii[0] = q[6];
    if (this.mayTouch(1)) stack[top++] = 1;
    while (top > 0) {
      const node = stack[--top];
      // It was looked at when it was put here; again only if the ball has shrunk since.
      if (radii[top] !== q[6] && !this.mayTouch(node)) continue;
      if (node < leaves) {
        const left = this.mayTouch(node * 2);
        const right = this.mayTouch(node * 2 + 1);
        // What is nearer to p is looked at first: there the ball is made small.
        if (left && right) {
          const nearer = this.awayFrom(node * 2 + 1) < this.awayFrom(node * 2) ? node * 2 + 1 : node * 2;
          radii[top] = q[6];
          stack[top++] = nearer ^ 1;
          radii[top] = q[6];
          stack[top++] = nearer;
        } else if (left || right) {
          radii[top] = q[6];
          stack[top++] = left ? node * 2 : node * 2 + 1;
        }
        continue;
      }
      const to = Math.min(count, (node - leaves + 1) * leafSlots);
      for (let slot = (node - leaves) * leafSlots; slot < to; slot++) if (this.shrink(slot)) found = slot;
    }
    this.slot = found;
    if (found < 0) return NaN;
    // The wall ends where the way to the contact leaves it, be it through a side that does not oppose p.
    if (rays.along(px, py, pz, q[7] - px, q[8] - py, q[9] - pz, 1e-6, 1 - 1e-6) === Infinity) return 2 * q[6];
    const through = rays.along(px, py, pz, -nx, -ny, -nz, 1e-6 * q[6], mostMm);
    if (through === Infinity) return NaN;
    const exit = rays.slot * 3;
    return normals[exit] * nx + normals[exit + 1] * ny + normals[exit + 2] * nz < 0 ? through : NaN;
  }
}
