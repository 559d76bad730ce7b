import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCaseStore } from './case-store.ts';

const fixture = path.join(import.meta.dirname, 'case-session.fixture.ts');
const store = createCaseStore({ now: () => new Date().toISOString(), who: 'parent' });
let room: string;
beforeAll(() => {
  room = mkdtempSync(path.join(tmpdir(), 'lamina-crash-'));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

interface Child {
  process: ChildProcess;
  lines: string[];
  errors: string[];
  line(wanted: (lines: string[]) => boolean): Promise<void>;
  ended: Promise<unknown>;
}
function start(...args: string[]): Child {
  // Each child compiles the same files again without it.
  const env = { ...process.env, NODE_COMPILE_CACHE: path.join(room, 'compiled') };
  const child = spawn(process.execPath, [fixture, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const lines: string[] = [];
  const errors: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ended = once(child, 'close');
  return {
    process: child,
    lines,
    errors,
    ended,
    async line(wanted) {
      while (!wanted(lines) && child.exitCode === null && child.signalCode === null) await pause(2);
    },
  };
}

/** What must hold of a case whose process was killed after it had acknowledged these lines. Returns its number of entries. */
async function check(folder: string, acknowledged: string[], before: number, told: string): Promise<number> {
  const opened = await store.open(folder);
  expect(opened.readOnly, told).toBe(false);
  const entries = opened.entries();
  // The first line repeats the entry that was there; the others are new. At most the one in flight may be there besides.
  const last = acknowledged.length > 0 ? Number(acknowledged.at(-1)?.split(' ')[0]) : before - 1;
  const known = Math.max(last + 1, before);
  expect(entries.length, told).toBeGreaterThanOrEqual(known);
  expect(entries.length, told).toBeLessThanOrEqual(Math.max(known, 1) + 1);
  for (const line of acknowledged) {
    const [sequence, hash] = line.split(' ');
    expect(entries[Number(sequence)]?.hash, told).toBe(hash);
  }
  for (const notice of opened.notices) expect(notice.text, told).toMatch(/^The last action was being written when Lamina stopped; \d+/);
  expect(readdirSync(path.join(folder, 'staging')), told).toEqual([]);
  await opened.close();
  const left = readdirSync(folder).sort();
  expect(left, told).toEqual(['blobs', 'cache', 'case.json', 'journal.head', 'journal.ndjson', 'open.laminacase', 'staging']);
  return entries.length;
}

/** Ten kills on one case: each also opens what the kill before left. Returns how many lines were acknowledged. */
async function tenKills(group: string, seed: number): Promise<number> {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const folder = path.join(room, group, 'HEAD.lamina');
  let entries = 0;
  let acknowledged = 0;
  for (let kill = 0; kill < 10; kill++) {
    const boundary = kill % 2 === 1;
    const call = 1 + random(120);
    const delayMs = random(3) === 0 ? random(4) : random(60);
    const told = `${group}, seed ${seed}, kill ${kill}: ${boundary ? `at disk call ${call}` : `after ${delayMs} ms`}`;
    const child = boundary ? start(folder, String(random(1e9)), String(call)) : start(folder, String(random(1e9)));
    if (!boundary) {
      // Some while the case is being made or opened, most while acts are being written.
      if (random(6) > 0) await child.line((lines) => lines.length > 0);
      else await pause(60 + random(60));
      await pause(delayMs);
      child.process.kill('SIGKILL');
    }
    await child.ended;
    expect(child.process.signalCode, `${told}: ${child.errors.join('')}`).toBe('SIGKILL');
    acknowledged += child.lines.length;
    if (existsSync(folder)) entries = await check(folder, child.lines, entries, told);
    else expect(child.lines, told).toEqual([]);
  }
  // A killed creation leaves a hidden folder; the next one takes it away.
  expect(readdirSync(path.dirname(folder))).toEqual(['HEAD.lamina']);
  return acknowledged;
}

describe('a case whose process is killed', () => {
  const seed = Number(process.env.LAMINA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

  it(`loses nothing acknowledged at 50 random points (LAMINA_TEST_SEED=${seed})`, async () => {
    const groups = [0, 1, 2, 3, 4];
    let acknowledged = 0;
    const lane = async (): Promise<void> => {
      for (let n = groups.shift(); n !== undefined; n = groups.shift()) acknowledged += await tenKills(`kills-${n}`, seed + n);
    };
    await Promise.all([lane(), lane()]);
    expect(acknowledged).toBeGreaterThan(100);
  });

  it('is held by one process at a time, which the other names; the lock of a killed one is taken over', async () => {
    const folder = path.join(room, 'two', 'HEAD.lamina');
    const first = start(folder, 'hold');
    await first.line((lines) => lines.length > 0);
    expect(first.lines).toEqual(['open']);
    const before = readFileSync(path.join(folder, 'lock'), 'utf8');
    const second = start(folder, 'hold');
    await second.line((lines) => lines.length > 0);
    expect(second.lines[0]).toMatch(
      new RegExp(`^readonly fixture has it open on this machine since .* UTC \\(process ${first.process.pid}\\)$`),
    );
    const here = await store.open(folder);
    expect(here).toMatchObject({ readOnly: true, heldBy: expect.stringContaining(`process ${first.process.pid}`) });
    await expect(here.putBlob(new Uint8Array(3))).rejects.toMatchObject({ code: 'CASE_READ_ONLY' });
    await here.close();
    expect(readFileSync(path.join(folder, 'lock'), 'utf8')).toBe(before);
    first.process.kill('SIGKILL');
    await first.ended;
    const third = await store.open(folder);
    expect(third).toMatchObject({ readOnly: false, heldBy: null });
    await third.close();
    second.process.kill('SIGKILL');
    await second.ended;
  });
});
