/**
 * A queue of items 0..items-1 by whole-number cost, for costs that never lie more than `widest` above the lowest one queued (Dial's buckets
 * in a ring). An item is in it once at most; it moves where its cost falls. Cost: 8 bytes an item and 4 a bucket; a step of a few ns.
 */
export class BucketQueue {
  private readonly head: Int32Array;
  private readonly next: Int32Array;
  private readonly before: Int32Array;
  private readonly ring: number;
  private at = 0;
  private size = 0;

  constructor(items: number, widest: number) {
    // A power of two, so that a bit mask finds the bucket.
    this.head = new Int32Array(2 ** Math.ceil(Math.log2(widest + 1))).fill(-1);
    this.ring = this.head.length - 1;
    this.next = new Int32Array(items).fill(-1);
    this.before = new Int32Array(items).fill(-1);
  }

  push(item: number, cost: number): void {
    const bucket = cost & this.ring;
    const first = this.head[bucket];
    this.next[item] = first;
    this.before[item] = -1;
    if (first >= 0) this.before[first] = item;
    this.head[bucket] = item;
    this.size++;
  }

  /** Moves an item that is queued. */
  move(item: number, from: number, to: number): void {
    const next = this.next[item];
    const before = this.before[item];
    if (before >= 0) this.next[before] = next;
    else this.head[from & this.ring] = next;
    if (next >= 0) this.before[next] = before;
    this.size--;
    this.push(item, to);
  }

  /** An item of the lowest cost; -1: the queue is empty. */
  pop(): number {
    if (this.size === 0) return -1;
    const { head, ring } = this;
    let at = this.at;
    while (head[at] < 0) at = (at + 1) & ring;
    this.at = at;
    const item = head[at];
    const next = this.next[item];
    head[at] = next;
    if (next >= 0) this.before[next] = -1;
    this.size--;
    return item;
  }
}
