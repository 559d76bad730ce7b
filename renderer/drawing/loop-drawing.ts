import type { LoopShape } from '../stores/tool-options.ts';
import { draggedLoop, encloses, type Place } from './loop-shape.ts';

/** Clicks nearer than this to the last corner are the same click; to the first one, they close. */
const nearPx = 8;
const samePx = 3;
const thinPx = 1.5;
/** The contract takes no longer line. */
const mostPoints = 8192;

/**
 * One closed line being drawn, in the pixels of a view; the same for the planes and the 3D view. A drag draws every shape but the polygon,
 * whose corners are clicked.
 */
export class LoopDrawing {
  readonly shape: LoopShape;
  #corners: Place[] = [];
  #rubber: Place | null = null;

  constructor(shape: LoopShape, first: Place) {
    this.shape = shape;
    this.#corners = [first];
  }

  /** Places as they are to be drawn; the last may follow the pointer. */
  get line(): Place[] {
    const [first] = this.#corners;
    if (!first) return [];
    if (this.shape === 'freehand') return this.#corners;
    if (this.shape === 'polygon') return this.#rubber ? [...this.#corners, this.#rubber] : this.#corners;
    return draggedLoop(this.shape, first, this.#rubber ?? first);
  }
  /** Corners with a mark: those of a polygon. */
  get corners(): Place[] {
    return this.shape === 'polygon' ? this.#corners : [];
  }
  get closed(): boolean {
    return this.shape !== 'freehand' && this.shape !== 'polygon';
  }

  /** A click of a polygon. True: it was on the first corner and closes. */
  click(at: Place): boolean {
    const [first] = this.#corners;
    const last = this.#corners.at(-1);
    const near = (one: Place | undefined, px: number) => one !== undefined && Math.hypot(at[0] - one[0], at[1] - one[1]) <= px;
    if (this.#corners.length >= 3 && near(first, nearPx)) return true;
    if (!near(last, samePx) && this.#corners.length < mostPoints) this.#corners.push(at);
    this.#rubber = null;
    return false;
  }

  /** The pointer moved: the drag goes on, or the polygon's last side follows. */
  move(at: Place): void {
    if (this.shape !== 'freehand') {
      this.#rubber = at;
      return;
    }
    const last = this.#corners.at(-1);
    if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < thinPx) return;
    this.#corners.push(at);
    // Half of the points are enough for a line that long.
    if (this.#corners.length >= mostPoints) this.#corners = this.#corners.filter((_, n) => n % 2 === 0);
  }

  /** The view shows the same things elsewhere: the line stays on what it was drawn on. */
  carry(to: (place: Place) => Place): void {
    this.#corners = this.#corners.map(to);
    this.#rubber &&= to(this.#rubber);
  }

  /** A polygon's last corner goes. True: corners are left. */
  takeBack(): boolean {
    this.#corners = this.#corners.slice(0, -1);
    return this.#corners.length > 0;
  }

  /** The line as it was drawn; null: it encloses nothing. */
  finished(): Place[] | null {
    if (this.shape === 'polygon') this.#rubber = null;
    const line = this.line;
    return encloses(line, samePx) ? line : null;
  }
}
