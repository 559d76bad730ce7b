import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Act } from '../../contract/case.ts';
import { redoAct, undoAct } from '../service/cases/acts.ts';
import { canonicalJson } from '../service/cases/canonical.ts';
import { headRecord } from '../service/cases/head.ts';
import { maskDelta } from '../service/cases/mask-deltas.ts';
import { sampleImport, sampleSegment, sampleStroke } from '../service/cases/sample.ts';
import { nextRedo, nextUndo } from '../service/cases/state.ts';
import type { OpenCase } from '../service/cases/store.ts';
import type { Disk } from './atomic.ts';
import { realDisk } from './atomic.ts';
import { sha256 } from './case-files.ts';
import { createCaseStore } from './case-store.ts';
import type { DiskCall, Fate } from './faulty-disk.ts';
import { faultyDisk } from './faulty-disk.ts';

const storeOn = (disk: Disk) => createCaseStore({ now: () => '2026-01-02T03:04:05.678Z', who: 'tester', disk });
const store = storeOn(realDisk);
let room: string;
let count = 0;
beforeAll(() => {
  room = mkdtempSync(path.join(tmpdir(), 'lamina-case-'));
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

const place = (): string => path.join(room, `case-${count++}`, 'HEAD.lamina');
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A case with an import, a segment and some strokes; one of them too long for its line. */
async function filled(on: OpenCase): Promise<void> {
  await on.append(sampleImport(await on.putBlob(bytesOf('voxels'))));
  await on.append(sampleSegment(await on.putBlob(bytesOf('mask')), sha256('voxels'), 500));
  const bone = on.state().segments[0]!;
  await on.append(sampleStroke(bone, 1, 5));
  await on.append(sampleStroke(bone, 1, 6, 'long '.repeat(12_000)));
  await on.append(sampleStroke(bone, 0, 7));
}
/** A closed case on the disk. */
async function closedCase(): Promise<string> {
  const made = await store.create(place(), { name: 'Head' });
  await filled(made);
  await made.close();
  return made.folder;
}
function copyOf(folder: string): string {
  const copy = place();
  cpSync(folder, copy, { recursive: true });
  return copy;
}
/** Every file below a folder with its bytes, the lock left out: it says when it was taken. */
function tree(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && one.name !== 'lock');
  const paths = files.map((one) => path.join(one.parentPath, one.name)).sort();
  return Object.fromEntries(paths.map((file) => [path.relative(folder, file), sha256(readFileSync(file, 'latin1'))]));
}
const refusal = (code: string, message: RegExp = /./) =>
  expect.objectContaining({ name: 'Refusal', code, message: expect.stringMatching(message) });

describe('a case on the disk', () => {
  it('comes back whole, with undo, redo and long strokes', async () => {
    const made = await store.create(place(), { name: 'Head' });
    await filled(made);
    const long = made.entries()[4]!;
    expect(long.outputs).toHaveLength(1);
    await made.append(undoAct(nextUndo(made.entries())!));
    const state = made.state();
    await made.close();
    const again = await store.open(made.folder);
    expect(again.notices).toEqual([]);
    expect(again.entries()).toEqual(made.entries());
    expect(again.state()).toEqual(state);
    expect(await maskDelta(again.entries()[4]!, null, again.readBlob)).toEqual({ value: 1, runs: 'long '.repeat(12_000) });
    expect(again.state()).toMatchObject({ undo: long.name, redo: made.entries()[5]!.name });
    await again.append(redoAct(nextRedo(again.entries())!));
    expect(again.state().segments[0]).toMatchObject({ voxels: 504, mask: { strokes: [3, 4, 5] } });
    await again.close();
  });

  it('writes acts that come at once one after the other', async () => {
    const made = await store.create(place(), { name: 'Head' });
    await filled(made);
    const bone = made.state().segments[0]!;
    const entries = await Promise.all(Array.from({ length: 20 }, (_, n) => made.append(sampleStroke(bone, 1, n + 1))));
    expect(entries.map((one) => one.sequence)).toEqual(Array.from({ length: 20 }, (_, n) => n + 6));
    await made.close();
    const again = await store.open(made.folder, { readOnly: true });
    expect(again.entries()).toHaveLength(26);
    await again.close();
  });

  it('keeps an act that makes no sense out of the journal', async () => {
    const made = await store.create(place(), { name: 'Head' });
    const before = tree(made.folder);
    await expect(made.append(sampleStroke({ id: 'segment-9', name: 'Bone' }, 1, 5, 'x'.repeat(60_000)))).rejects.toEqual(
      refusal('NOT_FOUND'),
    );
    await expect(made.append({ ...sampleImport(sha256('')), parameters: { value: Number.NaN } } as Act)).rejects.toThrow(TypeError);
    expect(tree(made.folder)).toEqual(before);
    await made.close();
  });

  it('refuses to be made where something is, and to be opened where nothing is, and leaves no trace of either', async () => {
    const folder = await closedCase();
    await expect(store.create(folder, { name: 'Head' })).rejects.toEqual(refusal('CASE_EXISTS'));
    const empty = place();
    mkdirSync(empty, { recursive: true });
    await expect(store.create(empty, { name: 'Head' })).rejects.toEqual(refusal('CASE_EXISTS'));
    await expect(store.open(empty)).rejects.toEqual(refusal('NOT_A_CASE'));
    expect(readdirSync(empty)).toEqual([]);
    await expect(store.open(path.join(empty, 'nowhere'))).rejects.toEqual(refusal('NOT_A_CASE'));
    const file = path.join(empty, 'file');
    writeFileSync(file, 'x');
    await expect(store.create(path.join(file, 'HEAD.lamina'), { name: 'Head' })).rejects.toEqual(refusal('OUTPUT_NOT_WRITABLE'));
    expect(readdirSync(path.dirname(folder))).toEqual(['HEAD.lamina']);
    expect(readdirSync(path.dirname(empty))).toEqual(['HEAD.lamina']);
  });

  it('refuses a case of a newer format by name', async () => {
    const folder = await closedCase();
    const file = path.join(folder, 'case.json');
    writeFileSync(file, `${canonicalJson({ ...JSON.parse(readFileSync(file, 'utf8')), schemaVersion: 2 })}\n`);
    await expect(store.open(folder)).rejects.toEqual(refusal('UNSUPPORTED_CONTAINER', /newer/));
  });

  it('notices that another program writes to its journal', async () => {
    const made = await store.create(place(), { name: 'Head' });
    const journal = path.join(made.folder, 'journal.ndjson');
    const before = readFileSync(journal);
    writeFileSync(journal, Buffer.concat([before, Buffer.from('x')]));
    await expect(made.append(sampleImport(sha256('voxels')))).rejects.toEqual(refusal('CASE_LOCKED'));
    writeFileSync(journal, before);
    await made.close();
  });
});

describe('staged files', () => {
  const stage = (on: OpenCase, text: string) => {
    const file = path.join(on.stagingFolder(), `staged-${count++}`);
    writeFileSync(file, text);
    return { path: file, sha256: sha256(text), bytes: text.length };
  };
  it('are moved to their hash, once, and only if they are what was announced', async () => {
    const made = await store.create(place(), { name: 'Head' });
    const file = stage(made, 'mask');
    await made.adopt(file);
    await made.adopt(file);
    await made.adopt(stage(made, 'mask'));
    expect(readdirSync(path.join(made.folder, 'blobs'))).toEqual([sha256('mask')]);
    expect(readdirSync(made.stagingFolder())).toEqual([]);
    await expect(made.adopt({ ...stage(made, 'other'), sha256: sha256('mosk') })).rejects.toThrow(RangeError);
    await expect(made.adopt({ ...stage(made, 'more'), bytes: 3 })).rejects.toThrow(RangeError);
    await expect(made.adopt({ ...stage(made, 'out'), sha256: '../../out' })).rejects.toThrow(RangeError);
    const link = path.join(made.stagingFolder(), 'link');
    symlinkSync(file.path, link);
    await expect(made.adopt({ ...file, sha256: sha256('x'), path: link })).rejects.toThrow(RangeError);
    await made.close();
    const again = await store.open(made.folder);
    expect(readdirSync(again.stagingFolder())).toEqual([]);
    await again.close();
  });
  it('come in from another file system too', async () => {
    let crossings = 0;
    const disk = faultyDisk(realDisk, ({ name, file }) =>
      name === 'rename' && file.includes('blobs') && crossings++ === 0 ? { fail: 'EXDEV' } : 'pass',
    );
    const made = await storeOn(disk).create(place(), { name: 'Head' });
    const file = path.join(room, 'elsewhere');
    writeFileSync(file, 'mask');
    await made.adopt({ path: file, sha256: sha256('mask'), bytes: 4 });
    expect(crossings).toBe(2);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(made.blobPath(sha256('mask')), 'utf8')).toBe('mask');
    expect(readdirSync(made.stagingFolder())).toEqual([]);
    await made.close();
  });
});

describe('damage', () => {
  it('is found wherever a byte is changed, and named by its file', async () => {
    const whole = await closedCase();
    const folder = copyOf(whole);
    const blob = `blobs/${sha256('mask')}`;
    for (const [name, step] of [
      ['case.json', 5],
      ['journal.head', 17],
      ['journal.ndjson', 211],
      [blob, 2],
    ] as const) {
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      for (const at of [...Array.from({ length: Math.ceil(bytes.length / step) }, (_, n) => n * step), bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1;
        writeFileSync(file, changed);
        const named = name === 'case.json' ? /case\.json|newer/ : new RegExp(name.replace('.', '\\.'));
        await expect(store.open(folder, { readOnly: true }), `${name} byte ${at}`).rejects.toMatchObject({
          message: expect.stringMatching(named),
        });
      }
      writeFileSync(file, bytes);
    }
    const opened = await store.open(folder);
    expect(opened).toMatchObject({ readOnly: false, notices: [] });
    await opened.close();
  });

  it('is refused with the entry and the remedy, nothing is changed, and the whole entries open read-only', async () => {
    const folder = await closedCase();
    const journal = path.join(folder, 'journal.ndjson');
    const lines = readFileSync(journal, 'utf8').split('\n');
    lines[3] = lines[3]!.replace('"voxels":5', '"voxels":6');
    writeFileSync(journal, lines.join('\n'));
    const before = tree(folder);
    await expect(store.open(folder)).rejects.toEqual(
      refusal('CASE_DAMAGED', /journal\.ndjson, entry 3: .*read-only.* 3 whole entries.*backup/),
    );
    const salvaged = await store.open(folder, { readOnly: true, salvage: true });
    expect(salvaged.entries()).toHaveLength(3);
    expect(salvaged.state()).toMatchObject({ readOnly: true, segments: [{ voxels: 500 }] });
    expect(salvaged.notices).toMatchObject([{ code: 'CASE_DAMAGED', text: expect.stringMatching(/entry 3/) }]);
    await expect(salvaged.append(sampleImport(sha256('v')))).rejects.toEqual(refusal('CASE_READ_ONLY'));
    await salvaged.close();
    expect(tree(folder)).toEqual(before);
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });

  it('is found where acknowledged lines are gone from the end, and where a file is gone', async () => {
    const folder = await closedCase();
    for (const lines of [1, 2, 5, 6]) {
      const copy = copyOf(folder);
      const journal = path.join(copy, 'journal.ndjson');
      const kept = readFileSync(journal, 'utf8')
        .split('\n')
        .slice(0, 6 - lines);
      writeFileSync(journal, kept.map((line) => `${line}\n`).join(''));
      await expect(store.open(copy)).rejects.toEqual(refusal('CASE_DAMAGED', /journal\.ndjson, entr/));
    }
    for (const name of ['journal.head', 'journal.ndjson', `blobs/${sha256('mask')}`]) {
      const copy = copyOf(folder);
      rmSync(path.join(copy, name));
      await expect(store.open(copy)).rejects.toEqual(refusal('CASE_DAMAGED', new RegExp(name.replace('.', '\\.'))));
    }
  });

  it('links are not followed, neither in place of a blob nor of a folder', async () => {
    const outside = path.join(room, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'mask'), 'mask');
    const linked = await closedCase();
    const blob = path.join(linked, 'blobs', sha256('mask'));
    rmSync(blob);
    symlinkSync(path.join(outside, 'mask'), blob);
    await expect(store.open(linked)).rejects.toEqual(refusal('CASE_DAMAGED', /is a link/));
    for (const name of ['staging', 'cache', 'blobs', 'case.json', 'journal.ndjson']) {
      const folder = await closedCase();
      rmSync(path.join(folder, name), { recursive: true });
      symlinkSync(outside, path.join(folder, name));
      await expect(store.open(folder), name).rejects.toEqual(refusal('CASE_DAMAGED', /links are not followed/));
    }
    expect(readdirSync(outside)).toEqual(['mask']);
  });

  it('the journal cut in its last lines opens to its whole entries, or is named once they were acknowledged', async () => {
    const whole = await closedCase();
    const folder = copyOf(whole);
    const journal = readFileSync(path.join(whole, 'journal.ndjson'));
    const ends = [...journal.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    const heads: Buffer[] = [];
    // The heads as they stood after each entry: a case that grew to just there.
    const opened = await store.open(whole, { readOnly: true });
    for (const entry of opened.entries()) heads.push(Buffer.from(headRecord(entry, sha256)));
    await opened.close();
    const [before, last] = [ends.at(-3)!, ends.at(-1)!];
    // journal-chain.test.ts does every byte; here some of them meet the disk, and the bytes beside the ends of lines.
    for (let length = before; length <= last; length++) {
      const beside = ends.some((end) => Math.abs(end - length) < 2);
      if (!beside && length % 23 !== 0) continue;
      const complete = ends.filter((end) => end <= length).length;
      writeFileSync(path.join(folder, 'journal.ndjson'), journal.subarray(0, length));
      writeFileSync(path.join(folder, 'journal.head'), heads.at(-3)!);
      const writable = beside || length % 46 === 0;
      const reopened = await store.open(folder, { readOnly: !writable });
      expect(reopened.entries(), `cut at ${length}`).toHaveLength(complete);
      const torn = !ends.includes(length);
      expect(reopened.notices.length, `cut at ${length}`).toBe(torn ? 1 : 0);
      if (torn) expect(reopened.notices[0]!.text).toContain(`${complete} entries are whole`);
      await reopened.close();
      if (writable) {
        expect(readFileSync(path.join(folder, 'journal.ndjson'))).toEqual(journal.subarray(0, ends[complete - 1]));
        expect(readFileSync(path.join(folder, 'journal.head'))).toEqual(heads[complete - 1]);
        if (torn)
          expect(readFileSync(path.join(folder, 'cache', `torn-${complete}`))).toEqual(journal.subarray(ends[complete - 1]!, length));
      }
      writeFileSync(path.join(folder, 'journal.ndjson'), journal.subarray(0, length));
      writeFileSync(path.join(folder, 'journal.head'), heads.at(-1)!);
      if (length < last)
        await expect(store.open(folder, { readOnly: true }), `cut at ${length}`).rejects.toEqual(
          refusal('CASE_DAMAGED', /missing at the end/),
        );
    }
  });
});

describe('a disk that fails', () => {
  const full = (name: DiskCall['name']): boolean => ['open', 'write', 'rename', 'makeFolder'].includes(name);
  const modes: [string, (at: number) => (call: DiskCall) => Fate][] = [
    [
      'once, full',
      (at) =>
        ({ number }) =>
          number === at ? { fail: 'ENOSPC', half: true } : 'pass',
    ],
    [
      'once, broken',
      (at) =>
        ({ number }) =>
          number === at ? { fail: 'EIO', half: true } : 'pass',
    ],
    [
      'full from then on',
      (at) =>
        ({ number, name }) =>
          number >= at && full(name) ? { fail: 'ENOSPC', half: true } : 'pass',
    ],
    [
      'broken from then on',
      (at) =>
        ({ number }) =>
          number >= at ? { fail: 'EIO', half: true } : 'pass',
    ],
  ];

  it.each([modes[0]!, modes[3]!])('%s: a case is made whole or not at all', async (_, mode) => {
    let whole = false;
    let failed = 0;
    for (let at = 1; !whole; at++) {
      const folder = place();
      const fate = mode(at);
      let healed = false;
      const disk = faultyDisk(realDisk, (call) => (healed ? 'pass' : fate(call)));
      try {
        const made = await storeOn(disk).create(folder, { name: 'Head' });
        healed = true;
        whole = disk.calls() < at;
        await made.close();
        expect(made.entries()).toHaveLength(1);
      } catch (error) {
        failed++;
        expect(error, `call ${at}`).toMatchObject({ name: 'Refusal', code: expect.stringMatching(/^(DISK_FULL|UNREADABLE_FILE)$/) });
        expect(existsSync(path.dirname(folder)), `call ${at}`).toBe(false);
      }
    }
    expect(failed).toBeGreaterThan(20);
  });

  it.each(modes)('%s: what was there stays byte-identical, the case stays usable and loses nothing', async (title, mode) => {
    const dead = title === 'broken from then on';
    const origin = await closedCase();
    const steps: ((on: OpenCase) => Promise<unknown>)[] = [
      (on) => on.append(sampleStroke(on.state().segments[0]!, 1, 9)),
      (on) => on.append(sampleStroke(on.state().segments[0]!, 1, 9, 'fresh '.repeat(10_000))),
      (on) => on.putBlob(bytesOf('another mask')),
    ];
    for (const step of steps) {
      let reached = true;
      let failed = 0;
      for (let at = 1; reached; at++) {
        const folder = copyOf(origin);
        let fate: (call: DiskCall) => Fate = () => 'pass';
        const disk = faultyDisk(realDisk, (call) => fate(call));
        const on = await storeOn(disk).open(folder);
        const before = tree(folder);
        const entries = [...on.entries()];
        const state = on.state();
        const start = disk.calls();
        fate = mode(start + at);
        const error = await step(on).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        reached = disk.calls() >= start + at;
        fate = () => 'pass';
        if (error !== null) {
          failed++;
          expect(error, `call ${at}`).toMatchObject({ name: 'Refusal', code: expect.stringMatching(/^(DISK_FULL|UNREADABLE_FILE)$/) });
          expect(on.entries()).toEqual(entries);
          expect(on.state()).toEqual(state);
          // A disk on which not even a deletion works leaves its halves to the next opening.
          if (!dead) expect(tree(folder), `call ${at}`).toEqual(before);
        }
        if (error !== null && dead) {
          // As it would be found had the process stopped there.
          const stopped = copyOf(folder);
          rmSync(path.join(stopped, 'lock'));
          const after = await store.open(stopped);
          expect(after.entries().slice(0, entries.length), `call ${at}`).toEqual(entries);
          expect(after.entries().length).toBeLessThanOrEqual(entries.length + 1);
          expect(readdirSync(after.stagingFolder())).toEqual([]);
          await after.close();
        }
        await on.append(sampleStroke(on.state().segments[0]!, 1, 1));
        const acknowledged = [...on.entries()];
        await on.close();
        const again = await store.open(folder, { readOnly: true });
        expect(again.entries(), `call ${at}`).toEqual(acknowledged);
        expect(again.notices).toEqual([]);
      }
      expect(failed).toBeGreaterThan(2);
    }
  });

  it('opening fails plainly or works, and changes nothing that was acknowledged', async () => {
    const origin = await closedCase();
    const journal = path.join(origin, 'journal.ndjson');
    writeFileSync(journal, Buffer.concat([readFileSync(journal), Buffer.from('{"act":"stro')]));
    const known = (await store.open(origin, { readOnly: true })).entries();
    let reached = true;
    for (let at = 1; reached; at++) {
      const folder = copyOf(origin);
      const disk = faultyDisk(realDisk, ({ number }) => (number === at ? { fail: 'ENOSPC' } : 'pass'));
      const opened = await storeOn(disk)
        .open(folder)
        .catch((error: unknown) => {
          expect(error, `call ${at}`).toEqual(refusal('DISK_FULL'));
          return null;
        });
      reached = disk.calls() >= at;
      await opened?.close();
      const again = await store.open(folder);
      expect(again.entries()).toEqual(known);
      expect(again.readOnly).toBe(false);
      await again.close();
    }
  });
});

describe('the lock', () => {
  const text = (more: object): string =>
    JSON.stringify({
      pid: process.pid,
      host: hostname(),
      user: 'other',
      since: '2026-01-01T10:11:12Z',
      processStart: null,
      nonce: 'n',
      ...more,
    });

  it.each([
    ['a dead process', { pid: 2 ** 22 + 1 }],
    ['an earlier process of our number', { processStart: 'earlier boot/1' }],
    ['an earlier process of a number that is in use', { pid: process.ppid, processStart: 'earlier boot/1' }],
  ])('of %s is taken over', async (_, holder) => {
    const folder = await closedCase();
    writeFileSync(path.join(folder, 'lock'), text(holder));
    const opened = await store.open(folder);
    expect(opened).toMatchObject({ readOnly: false, heldBy: null });
    await opened.close();
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });

  it('whose writing a crash cut short is taken over, also beside a left-over takeover', async () => {
    const folder = await closedCase();
    for (const name of ['lock', 'lock.takeover']) {
      writeFileSync(path.join(folder, name), '{"pid":');
      utimesSync(path.join(folder, name), 1000, 1000);
    }
    const opened = await store.open(folder);
    expect(opened.readOnly).toBe(false);
    await opened.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  it('of another machine is kept: read-only, with the holder and the way out', async () => {
    const folder = await closedCase();
    writeFileSync(path.join(folder, 'lock'), text({ host: 'ward-3' }));
    const before = tree(folder);
    const opened = await store.open(folder);
    expect(opened).toMatchObject({
      readOnly: true,
      heldBy: expect.stringMatching(/^other has it open on ward-3 since 2026-01-01 10:11 UTC.*delete the file named lock/),
    });
    await expect(opened.append(sampleImport(sha256('v')))).rejects.toEqual(refusal('CASE_READ_ONLY', /ward-3/));
    await opened.close();
    expect(tree(folder)).toEqual(before);
    expect(existsSync(path.join(folder, 'lock'))).toBe(true);
  });

  it('is one for ten openings at once, and free again after the one that got it', async () => {
    const folder = await closedCase();
    writeFileSync(path.join(folder, 'lock'), text({ pid: 2 ** 22 + 1 }));
    const opened = await Promise.all(Array.from({ length: 10 }, () => store.open(folder)));
    expect(opened.filter((one) => !one.readOnly)).toHaveLength(1);
    for (const one of opened) await one.close();
    const again = await store.open(folder);
    expect(again.readOnly).toBe(false);
    await again.close();
  });

  it('cannot be written on a read-only medium: the case opens to read and nothing is written', async () => {
    const folder = await closedCase();
    writeFileSync(path.join(folder, 'staging', 'left'), 'x');
    const before = tree(folder);
    const stamp = statSync(folder).mtimeMs;
    const disk = faultyDisk(realDisk, () => ({ fail: 'EROFS' }));
    const opened = await storeOn(disk).open(folder);
    expect(opened).toMatchObject({ readOnly: true, heldBy: null, notices: [{ text: expect.stringMatching(/read-only/) }] });
    expect(opened.entries()).toHaveLength(6);
    await opened.close();
    expect(disk.calls()).toBe(1);
    expect(tree(folder)).toEqual(before);
    expect(statSync(folder).mtimeMs).toBe(stamp);
  });
});
