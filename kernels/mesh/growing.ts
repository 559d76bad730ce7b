/** Numbers that come one by one from a file whose counts cannot be trusted: memory follows what was really there. */
export interface Growing<T> {
  readonly length: number;
  push(value: number): void;
  /** What was pushed, as a view. */
  values(): T;
}

/** Doubles its room as it fills. Cost: each number is copied at most once more. */
export function growing<T extends Float32Array | Uint32Array>(array: new (length: number) => T): Growing<T> {
  let room = new array(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === room.length) {
        const wider = new array(length * 2);
        wider.set(room);
        room = wider;
      }
      room[length++] = value;
    },
    values: () => room.subarray(0, length) as T,
  };
}
