// AssemblyScript. Masks of bytes to bits and back, 32 to a word, lowest bit first.

function sixteenSet(from: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(from), i8x16.splat(0)));
}

/** Rows of bytes, each words * 32 after the one before: 1 where a byte is not 0. `last` clears what lies beyond a row's end. */
export function bytesToBits(from: usize, rows: i32, words: i32, last: i32, to: usize): void {
  for (let row = 0; row < rows; row++) {
    for (let word = 1; word <= words; word++) {
      let bits = sixteenSet(from) | (sixteenSet(from + 16) << 16);
      if (word === words) bits &= last;
      store<i32>(to, bits);
      from += 32;
      to += 4;
    }
  }
}

/** Words to 32 bytes of 0 and 1 each. */
export function bitsToBytes(from: usize, words: i32, to: usize): void {
  const picked = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const one = i8x16.splat(1);
  const lowHalf = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  const highHalf = i8x16(2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  for (let word = 0; word < words; word++) {
    const all = v128.load32_splat(from);
    const low = v128.and(i8x16.swizzle(all, lowHalf), picked);
    const high = v128.and(i8x16.swizzle(all, highHalf), picked);
    v128.store(to, v128.and(i8x16.eq(low, picked), one));
    v128.store(to, v128.and(i8x16.eq(high, picked), one), 16);
    from += 4;
    to += 32;
  }
}
