import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file that says: the graphics driver killed its process repeatedly under this version, start without it. Another version tries again.
 * Read before ready, so synchronously.
 */
export class GraphicsMarker {
  readonly #path: string;
  readonly #version: string;
  constructor(path: string, version: string) {
    this.#path = path;
    this.#version = version;
  }
  isSet(): boolean {
    try {
      return readFileSync(this.#path, 'utf8') === this.#version;
    } catch {
      return false;
    }
  }
  set(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, this.#version);
  }
  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

/** Answers true when `limit` events have come within `windowMs`, this one included. Used for deaths of the GPU process and the page. */
export const burstCounter = (limit: number, windowMs: number) => {
  let times: number[] = [];
  return (nowMs: number): boolean => {
    times = [...times.filter((time) => nowMs - time < windowMs), nowMs];
    return times.length >= limit;
  };
};
