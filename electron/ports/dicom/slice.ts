import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { FrameHeader, ImageFile } from './image.ts';

/** One frame whose place is known. */
export interface Slice {
  file: ImageFile;
  frame: FrameHeader;
  position: Triple;
}
