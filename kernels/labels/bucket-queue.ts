/**
 * A queue of items 0..items-1 by whole-number cost, for costs that never lie more than `widest` above the lowest one queued (Dial's buckets
 * in a ring). An item is in it once at most; it moves where its cost falls. Cost: 8 bytes an item and 4 a bucket; a step of a few ns.
 */
export class BucketQueue {
  private readonly head: Int32Array;
  private readonly next: Int32Array;
  private readonly before: Int32Array;
  private at = 0;
  private size = 0;

  constructor(items: number, widest: number) {
    this.head = new Int32Array(widest + 1).fill(-1);
    this.next = new Int32Array(items).fill(-1);
    this.before = new Int32Array(items).fill(-1);
  }

  push(item: number, cost: number): void {
    const bucket = cost % this.head.length;
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
    else this.head[from % this.head.length] = next;
    if (next >= 0) this.before[next] = before;
    this.size--;
    this.push(item, to);
  }

  /** An item of the lowest cost; -1: the queue is empty. */
  pop(): number {
    if (this.size === 0) return -1;
    while (this.head[this.at] < 0) if (++this.at === this.head.length) this.at = 0;
    const item = this.head[this.at];
    const next = this.next[item];
    this.head[this.at] = next;
    if (next >= 0) this.before[next] = -1;
    this.size--;
    return item;
  }
}
