/** A bar of a round length in mm (1, 2, 5 times a power of ten), the longest that fits in `mostPx`. */
export function scaleBar(mmPerPx: number, mostPx: number): { lengthMm: number; lengthPx: number } {
  const most = mmPerPx * mostPx;
  const decade = 10 ** Math.floor(Math.log10(most));
  const lengthMm = [5, 2, 1].map((n) => n * decade).find((mm) => mm <= most * (1 + 1e-9)) ?? decade;
  return { lengthMm, lengthPx: lengthMm / mmPerPx };
}
