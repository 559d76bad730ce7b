/** How the words of the pixel data hold stored values (PS3.5 8.1.1). */
export interface PixelFormat {
  rows: number;
  columns: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
}
