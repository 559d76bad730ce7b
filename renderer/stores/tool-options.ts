import { create } from 'zustand';

/** How a closed line is drawn: by a drag (all but polygon), or point by point. */
export type LoopShape = 'rectangle' | 'circle' | 'ellipse' | 'freehand' | 'polygon';
export type Connectivity = 6 | 18 | 26;

/** What the drawing tools of Correct are set to; what is drawn is the tool's own. */
export interface ToolOptions {
  scissors: {
    shape: 'rectangle' | 'circle' | 'freehand' | 'polygon';
    operation: 'erase' | 'fill';
    region: 'inside' | 'outside';
    depth: 'slice' | 'through';
  };
  /** Of flood fill, level tracing, livewire and contour. */
  operation: 'add' | 'erase';
  fill: {
    extent: 'slice' | 'volume';
    by: 'tolerance' | 'range';
    toleranceHu: number;
    lowHu: number;
    /** null: no upper bound. */
    highHu: number | null;
    connectivity: Connectivity;
    /** null: as far as it goes. */
    reachMm: number | null;
  };
  contour: { shape: 'freehand' | 'polygon' | 'rectangle' | 'ellipse' };
  island: { operation: 'remove' | 'keep' | 'take-out'; connectivity: Connectivity };
  /** What goes beyond one slice is looked at before it is applied. */
  look: boolean;
}

export const firstOptions: ToolOptions = {
  scissors: { shape: 'freehand', operation: 'erase', region: 'inside', depth: 'slice' },
  operation: 'add',
  fill: { extent: 'slice', by: 'tolerance', toleranceHu: 100, lowHu: 200, highHu: null, connectivity: 6, reachMm: null },
  contour: { shape: 'freehand' },
  island: { operation: 'remove', connectivity: 26 },
  look: true,
};

export const useToolOptions = create<ToolOptions & { set: (change: Partial<ToolOptions>) => void }>()((set) => ({
  ...firstOptions,
  set: (change) => set(change),
}));
