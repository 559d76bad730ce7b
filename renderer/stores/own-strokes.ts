import type { MaskDelta } from '../../contract/segmentation.ts';

/** A stroke of this window, from the moment that it is drawn. */
export interface OwnStroke {
  readonly segment: string;
  readonly delta: MaskDelta;
  /** The array that it was drawn into; another one may be on screen by now. */
  readonly drawnOn: Uint8Array | undefined;
  /** Under which the case has it; null: it is still being written. */
  sequence: number | null;
  /** The case has not taken it, and never will: there is nothing of it to take back. */
  refused: boolean;
  /** Undo was asked for: it is off the screen, and the case has not said yet that it is gone. */
  leaving: boolean;
}

/** Further back than this nobody goes within one stretch of drawing; what lies deeper is taken back as the case answers. */
const most = 2000;

/**
 * The strokes of this window that lie on top of what undo takes, newest last: while nothing but strokes and undos is asked for, the next
 * undo takes the last of them, whether it is written yet or not. Any other act empties it.
 */
const pile: OwnStroke[] = [];
/** Those that undo took off the pile, the newest undo last: redo brings them back. */
const taken: OwnStroke[] = [];

/** A stroke was drawn and is about to be handed to the case. */
export function pileUp(segment: string, delta: MaskDelta, drawnOn: Uint8Array | undefined): OwnStroke {
  const stroke: OwnStroke = { segment, delta, drawnOn, sequence: null, refused: false, leaving: false };
  pile.push(stroke);
  taken.length = 0;
  if (pile.length > most) pile.shift();
  return stroke;
}

/** Undo was asked for: the stroke that it takes, as far as this window knows, and the one below is next. Null: only the case knows. */
export function takeOffPile(): OwnStroke | null {
  const stroke = pile.pop();
  if (stroke) taken.push(stroke);
  return stroke ?? null;
}

/** Redo was done. `isBack` tells whether the case has a stroke again; where it has not, something else came back and all is forgotten. */
export function backOnPile(isBack: (stroke: OwnStroke) => boolean): void {
  const stroke = taken.pop();
  if (!stroke || !isBack(stroke)) {
    forgetPile();
    return;
  }
  stroke.leaving = false;
  pile.push(stroke);
}

/** Something else lies on top from now on, or the case was left. */
export function forgetPile(): void {
  pile.length = 0;
  taken.length = 0;
}
