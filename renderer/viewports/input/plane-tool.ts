import type { Plane, Point } from '../../stores/viewer.ts';
import type { Stage } from '../stage.ts';

/** Where a pointer is on a plane, and what is held with it. */
export interface ToolPlace {
  stage: Stage;
  plane: Plane;
  lps: Point;
  /** CSS pixels from the view's top left corner. */
  x: number;
  y: number;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
}

/** A tool that draws or picks on the planes with the left button. The pointer's owner asks it; it shows what it draws as the store's sketch. */
export interface PlaneTool {
  /** Why it cannot be used now, or not at this place, in words with the way out; null: it can. */
  refusal(place?: ToolPlace): string | null;
  /** The left button went down; true: it wants the drag that may follow. */
  down(place: ToolPlace): boolean;
  /** While the button is held; every coalesced event counts. */
  drag?(places: ToolPlace[]): void;
  up?(place: ToolPlace): void;
  /** The pointer moves with no button held. */
  hover?(place: ToolPlace): void;
  leave?(): void;
  /** Right click: the last point goes. True: there was one. */
  takeBack?(): boolean;
  /** Enter or double click. True: there was something to finish. */
  finish?(): boolean;
  /** Esc, another tool, another segment or series: what is half drawn goes. True: there was something. */
  cancel?(): boolean;
}
