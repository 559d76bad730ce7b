/** The tokens --seg-1 to --seg-8 as numbers that a canvas can read; the order is the order in which segments get them. */
export const segmentColours = ['#5bb8f0', '#f2a33a', '#f2c4dc', '#128a64', '#d9482b', '#f4e04d', '#6f72e6', '#8d949f'] as const;

/** Colour of the place 1..8 that the case gives a segment; places beyond go round. */
export const segmentColour = (place: number): string => segmentColours[(Math.max(1, Math.round(place)) - 1) % 8] ?? segmentColours[0];
