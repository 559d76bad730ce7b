import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act, JournalEntry } from '../../contract/case.ts';
import { createAct, spilled } from '../service/cases/acts.ts';
import { canonicalJson } from '../service/cases/canonical.ts';
import { entryLine, noHash, readChain, sealEntry } from '../service/cases/chain.ts';
import { headDamage, headRecord, readHead } from '../service/cases/head.ts';
import { sampleImport, sampleSegment, sampleStroke } from '../service/cases/sample.ts';
import { sha256 } from './case-files.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function journalOf(acts: Act[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const act of acts) {
    const previousHash = entries.at(-1)?.hash ?? noHash;
    const sealing = { sequence: entries.length, time: '2026-01-02T03:04:05.678Z', elapsedMs: 12.5, who: 'Ünal', previousHash };
    entries.push(sealEntry(act, sealing, sha256));
  }
  return entries;
}
const segment = { id: 'segment-2', name: 'Bone' };
const first = createAct({ schemaVersion: 1, id: 'id', name: 'Case', caseSha256: sha256('case') });
const sample = journalOf([
  first,
  sampleImport(sha256('v')),
  sampleSegment(sha256('m'), sha256('v'), 120),
  sampleStroke(segment, 1, 7),
  sampleStroke(segment, 0, 3),
]);
const textOf = (entries: JournalEntry[]): string => entries.map(entryLine).join('');

/** What opening a case asks: the journal's own links, then the head. */
function verdict(journal: Uint8Array, head: string): { entry: number; why: string } | 'journal.head' | null {
  const chain = readChain(journal, sha256);
  if (chain.damage) return chain.damage;
  const named = readHead(head, sha256);
  return named === null ? 'journal.head' : headDamage(chain, named);
}

describe('canonical JSON', () => {
  it('gives one text for one value, whatever the order of its keys, and reads back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: 1, a: [{ d: null, c: undefined }] })).toBe('{"a":[{"d":null}],"b":1}');
  });
  it('refuses what JSON would change silently', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, new Uint8Array(2), new Date(0), () => 1, 1n])
      expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});

describe('the chain', () => {
  it('reads back what was written', () => {
    const chain = readChain(bytesOf(textOf(sample)), sha256);
    expect(chain.state).toBe('whole');
    expect(chain.entries).toEqual(sample);
    expect(verdict(bytesOf(textOf(sample)), headRecord(sample[4]!, sha256))).toBeNull();
  });

  it('finds every changed byte of the journal and names the entry, newlines and the last line too', () => {
    const whole = bytesOf(textOf(sample));
    const head = headRecord(sample[4]!, sha256);
    let entry = 0;
    for (let at = 0; at < whole.length; at++) {
      const newline = whole[at] === 10;
      for (const flip of [1, whole[at]! ^ 10]) {
        if (flip === 0) continue;
        const changed = whole.slice();
        changed[at]! ^= flip;
        const found = verdict(changed, head);
        expect(found, `byte ${at} xor ${flip}`).toMatchObject({ entry });
      }
      if (newline) entry++;
    }
    expect(entry).toBe(sample.length);
  });

  it('finds a changed byte where the head is still the one before, as after a power cut', () => {
    const whole = bytesOf(textOf(sample));
    const behind = headRecord(sample[2]!, sha256);
    for (let at = whole.length % 3; at < whole.length; at += 3) {
      const changed = whole.slice();
      changed[at]! ^= 4;
      expect(verdict(changed, behind), `byte ${at}`).not.toBeNull();
    }
  });

  it('finds every changed, missing or added byte of the head', () => {
    const whole = bytesOf(textOf(sample));
    const head = headRecord(sample[4]!, sha256);
    for (let at = 0; at < head.length; at++) {
      for (const flip of [1, 2, 0x10]) {
        const changed = head.slice(0, at) + String.fromCharCode(head.charCodeAt(at) ^ flip) + head.slice(at + 1);
        expect(verdict(whole, changed), `byte ${at}`).toBe('journal.head');
      }
      expect(verdict(whole, head.slice(0, at))).toBe('journal.head');
    }
    expect(verdict(whole, `${head}0`)).toBe('journal.head');
  });

  it('finds every deleted, doubled and exchanged line and names it', () => {
    const head = headRecord(sample[4]!, sha256);
    for (let n = 0; n < sample.length; n++) {
      const without = sample.filter((_, at) => at !== n);
      expect(verdict(bytesOf(textOf(without)), head)).toMatchObject({ entry: n, why: expect.stringMatching(/missing/) });
      const doubled = sample.flatMap((one, at) => (at === n ? [one, one] : [one]));
      expect(verdict(bytesOf(textOf(doubled)), head)).toMatchObject({ entry: n + 1, why: expect.stringMatching(/doubled/) });
      for (let m = n + 1; m < sample.length; m++) {
        const exchanged = [...sample];
        [exchanged[n], exchanged[m]] = [sample[m]!, sample[n]!];
        expect(verdict(bytesOf(textOf(exchanged)), head)).toMatchObject({ entry: n });
      }
    }
    expect(verdict(new Uint8Array(), head)).toMatchObject({ entry: 0 });
  });

  it('finds a forged entry whose own hash is right but that breaks the chain', () => {
    const forged = [...sample];
    forged[3] = sealEntry(sampleStroke(segment, 1, 9999), { ...sample[3]! }, sha256);
    const head = headRecord(sample[4]!, sha256);
    expect(verdict(bytesOf(textOf(forged)), head)).toMatchObject({ entry: 4, field: 'previousHash' });
    expect(verdict(bytesOf(textOf(forged.slice(0, 4))), head)).toMatchObject({ entry: 4 });
    expect(verdict(bytesOf(textOf(forged.slice(0, 4))), headRecord(sample[3]!, sha256))).toMatchObject({ entry: 3, field: 'hash' });
  });

  it('names the field where the break gives it away', () => {
    const lines = sample.map(entryLine);
    const changed = (n: number, from: string | RegExp, to: string): unknown => {
      expect(lines[n]).toMatch(from);
      return readChain(bytesOf(lines.map((line, at) => (at === n ? line.replace(from, to) : line)).join('')), sha256).damage;
    };
    expect(changed(2, `"hash":"${sample[2]!.hash}"`, `"hash":"${sample[1]!.hash}"`)).toMatchObject({ entry: 2, field: 'hash' });
    expect(changed(2, `"previousHash":"${sample[1]!.hash}"`, `"previousHash":"${noHash}"`)).toMatchObject({ field: 'previousHash' });
    expect(changed(3, '"sequence":3', '"sequence":2')).toMatchObject({ entry: 3, field: 'sequence' });
    expect(changed(3, '"act":"stroke"', '"act":"strokf"')).toMatchObject({ entry: 3, field: 'act' });
    expect(changed(3, '"inputs"', '"inpvts"')).toMatchObject({ entry: 3, field: 'inputs' });
    expect(changed(3, '"voxels":7', '"voxels":8')).toMatchObject({ entry: 3, why: expect.stringMatching(/own hash/) });
    expect(changed(3, '"voxels":7', '"voxels": 7')).toMatchObject({ entry: 3, why: expect.stringMatching(/as Lamina writes it/) });
  });

  it('calls every beginning of the last line torn, keeps the entries before it, and damaged once the head has acknowledged it', () => {
    const before = bytesOf(textOf(sample.slice(0, 4)));
    const whole = bytesOf(textOf(sample));
    for (let length = before.length + 1; length < whole.length; length++) {
      const chain = readChain(whole.subarray(0, length), sha256);
      expect(chain).toMatchObject({ state: 'torn', wholeBytes: before.length });
      expect(chain.entries).toHaveLength(4);
      expect(verdict(whole.subarray(0, length), headRecord(sample[3]!, sha256))).toBeNull();
      expect(verdict(whole.subarray(0, length), headRecord(sample[4]!, sha256))).toMatchObject({ entry: 4 });
    }
  });

  it('finds any one change in journals of any acts', () => {
    const act = fc.record({ pick: fc.nat(2), voxels: fc.nat(1000), runs: fc.string({ maxLength: 80 }), name: fc.string() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 8 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (picks, place, flip) => {
        const made = picks.map(({ pick, voxels, runs, name }) =>
          pick === 0 ? sampleSegment(sha256(runs), sha256(name), voxels, name) : sampleStroke(segment, pick === 1 ? 1 : 0, voxels, runs),
        );
        const entries = journalOf([first, ...made]);
        const whole = bytesOf(textOf(entries));
        expect(readChain(whole, sha256).entries).toEqual(entries);
        const at = place % whole.length;
        const changed = whole.slice();
        changed[at]! ^= flip;
        const entry = whole.subarray(0, at).filter((byte) => byte === 10).length;
        expect(verdict(changed, headRecord(entries.at(-1)!, sha256))).toMatchObject({ entry });
      }),
      { numRuns: 200 },
    );
  });

  it('keeps runs in the line up to the limit and asks for a blob beyond it', () => {
    expect(spilled(sampleStroke(segment, 1, 1, 'A'.repeat(48 * 1024)))).toBeNull();
    const long = 'B'.repeat(48 * 1024 + 1);
    const spill = spilled(sampleStroke(segment, 1, 1, long));
    expect(spill?.text).toBe(long);
    expect(spill?.withBlob(sha256(long))).toMatchObject({ outputs: [sha256(long)], parameters: { runs: null, value: 1 } });
  });
});
