// AssemblyScript. Masks of bytes to bits, 32 to a word, lowest bit first.

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
