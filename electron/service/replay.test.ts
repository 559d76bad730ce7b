import { expect, test } from 'vitest';
import type { Act, JournalEntry } from '../../contract/case.ts';
import { createAct, loadAct } from './cases/acts.ts';
import { sampleImport, sampleSeriesUid, sampleStroke } from './cases/sample.ts';
import { foldCase } from './cases/state.ts';
import type { Session } from './open-cases.ts';
import type { Ports } from './ports.ts';
import { replayCase } from './replay.ts';

const blob = (seed: number): string => seed.toString(16).padStart(64, '0');

test('[8.1] masks that came from a file or a hand are listed with the reason why they are not worked out again', async () => {
  const load = loadAct({
    series: sampleSeriesUid,
    source: { kind: 'DICOM SEG', name: 'a.dcm', sha256: blob(3) },
    changes: [
      {
        name: 'Loaded',
        value: 1,
        networkWording: null,
        algorithmType: null,
        label: null,
        into: null,
        from: null,
        change: 'mask',
        voxels: 9,
        changed: 9,
        volumeMm3: 4.5,
        output: blob(4),
      },
    ],
    markups: [],
  });
  const acts: Act[] = [
    createAct({ schemaVersion: 1, id: 'id', name: 'Case', caseSha256: blob(99) }),
    sampleImport(blob(0)),
    load,
    sampleStroke({ id: 'segment-2', name: 'Loaded' }, 1, 5),
  ];
  const entries: JournalEntry[] = acts.map((act, sequence) => ({
    ...act,
    sequence,
    time: '',
    elapsedMs: 0,
    who: 'me',
    previousHash: '',
    hash: '',
  }));
  const state = foldCase(entries, { id: 'id', name: 'Case', folder: 'case', readOnly: false, heldBy: null, notices: [] });
  const session = { entries: () => entries, state: () => state } as Partial<Session> as Session;
  const files = { temporary: async () => 'aside', remove: async () => undefined };
  const ports = { files } as unknown as Ports;
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const { entries: told, same, different } = await replayCase(ports, session, context);
  expect(told.map(({ sequence, verdict }) => [sequence, verdict])).toEqual([
    [1, 'not replayed'],
    [2, 'not replayed'],
    [3, 'not replayed'],
  ]);
  expect(told[1]!.why).toMatch(/file/);
  expect(told[2]!.why).toMatch(/hand/);
  expect([same, different]).toEqual([0, 0]);
});
