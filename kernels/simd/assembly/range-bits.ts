// AssemblyScript. Bits of values in a range, 32 to a word, lowest bit first. binaryen inlines the small functions.

function eightIn(from: usize, lows: v128, highs: v128): v128 {
  const values = v128.load(from);
  return v128.and(i16x8.ge_s(values, lows), i16x8.le_s(values, highs));
}

function sixteenIn(from: usize, lows: v128, highs: v128): i32 {
  return i8x16.bitmask(i8x16.narrow_i16x8_s(eightIn(from, lows, highs), eightIn(from + 16, lows, highs)));
}

/**
 * Rows of int16, each words * 32 values after the one before: 1 where low <= value <= high. `last` clears what lies beyond a row's end.
 * Returns the bits that are set.
 */
export function rangeInt16(from: usize, rows: i32, words: i32, last: i32, low: i32, high: i32, to: usize): i32 {
  const lows = i16x8.splat(<i16>low);
  const highs = i16x8.splat(<i16>high);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let word = 1; word <= words; word++) {
      let bits = sixteenIn(from, lows, highs) | (sixteenIn(from + 32, lows, highs) << 16);
      if (word === words) bits &= last;
      store<i32>(to, bits);
      count += i32.popcnt(bits);
      from += 64;
      to += 4;
    }
  }
  return count;
}

function fourIn(from: usize, lows: v128, highs: v128): v128 {
  const values = v128.load(from);
  return v128.and(f32x4.ge(values, lows), f32x4.le(values, highs));
}

function eightFloatsIn(from: usize, lows: v128, highs: v128): v128 {
  return i16x8.narrow_i32x4_s(fourIn(from, lows, highs), fourIn(from + 16, lows, highs));
}

function sixteenFloatsIn(from: usize, lows: v128, highs: v128): i32 {
  return i8x16.bitmask(i8x16.narrow_i16x8_s(eightFloatsIn(from, lows, highs), eightFloatsIn(from + 32, lows, highs)));
}

/** As rangeInt16 for float32; NaN is never inside. */
export function rangeFloat32(from: usize, rows: i32, words: i32, last: i32, low: f32, high: f32, to: usize): i32 {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let word = 1; word <= words; word++) {
      let bits = sixteenFloatsIn(from, lows, highs) | (sixteenFloatsIn(from + 64, lows, highs) << 16);
      if (word === words) bits &= last;
      store<i32>(to, bits);
      count += i32.popcnt(bits);
      from += 128;
      to += 4;
    }
  }
  return count;
}
