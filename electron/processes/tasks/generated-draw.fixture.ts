/** Draws for generated tests: the same seed gives the same draws on every machine (mulberry32, public domain). */
export class Draw {
  private state: number;
  constructor(seed: number) {
    // Neighbouring seeds must not give neighbouring draws.
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    for (let n = 0; n < 4; n++) this.unit();
  }

  /** In [0, 1). */
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }
  /** Whole number from low to high, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }
  /** Evenly spread over the powers between low and high. */
  logarithmic(low: number, high: number): number {
    return Math.exp(this.between(Math.log(low), Math.log(high)));
  }
  chance(probability: number): boolean {
    return this.unit() < probability;
  }
  sign(): 1 | -1 {
    return this.chance(0.5) ? 1 : -1;
  }
  pick<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)] as T;
  }
  /** One of the names, by weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const names = Object.keys(weights) as T[];
    let left = this.unit() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return names[names.length - 1] as T;
  }
  shuffled<T>(values: readonly T[]): T[] {
    const out = [...values];
    for (let n = out.length - 1; n > 0; n--) {
      const other = this.whole(0, n);
      [out[n], out[other]] = [out[other] as T, out[n] as T];
    }
    return out;
  }
}
