// AssemblyScript. Passes over the vertices of a mesh on memory that threads share. A point is four floats of which three count; neighbours
// of vertex v are list[starts[v]] to list[starts[v + 1] - 1], each as the byte at which its point begins.

function meanOf(from: usize, to: usize, points: usize): v128 {
  let sum = f32x4.splat(0);
  const count = f32x4.splat(<f32>(<u32>((to - from) >> 2)));
  for (; from < to; from += 4) sum = f32x4.add(sum, v128.load(points + load<u32>(from)));
  return f32x4.div(sum, count);
}

/** rough = here - mean of here over the neighbours; 0 where there are none. */
export function roughness(from: u32, to: u32, starts: usize, list: usize, here: usize, rough: usize): void {
  let begin = list + (load<u32>(starts + (from << 2)) << 2);
  for (let v = from; v < to; v++) {
    const end = list + (load<u32>(starts + (v << 2), 4) << 2);
    const at = v << 4;
    v128.store(rough + at, begin === end ? f32x4.splat(0) : f32x4.sub(v128.load(here + at), meanOf(begin, end, here)));
    begin = end;
  }
}

/** here = here - first * rough + second * (rough - mean of rough over the neighbours). */
export function factor(from: u32, to: u32, starts: usize, list: usize, here: usize, rough: usize, first: f32, second: f32): void {
  const a = f32x4.splat(first);
  const b = f32x4.splat(second);
  let begin = list + (load<u32>(starts + (from << 2)) << 2);
  for (let v = from; v < to; v++) {
    const end = list + (load<u32>(starts + (v << 2), 4) << 2);
    const at = v << 4;
    if (begin !== end) {
      const own = v128.load(rough + at);
      const twice = f32x4.sub(own, meanOf(begin, end, rough));
      v128.store(here + at, f32x4.add(f32x4.sub(v128.load(here + at), f32x4.mul(a, own)), f32x4.mul(b, twice)));
    }
    begin = end;
  }
}
