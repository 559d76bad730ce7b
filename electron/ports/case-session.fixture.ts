import { existsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { redoAct, undoAct } from '../service/cases/acts.ts';
import { sampleImport, sampleSegment, sampleStroke } from '../service/cases/sample.ts';
import { nextRedo, nextUndo } from '../service/cases/state.ts';
import { realDisk } from './atomic.ts';
import { createCaseStore } from './case-store.ts';
import { faultyDisk } from './faulty-disk.ts';

/**
 * A process that works on a case until it is killed: `node case-session.fixture.ts FOLDER SEED [CALL]`. Each act that was acknowledged is
 * a line 'sequence hash' on standard output. At the disk call CALL it kills itself, in the middle of a write where that is one. With
 * SEED 'hold' it opens the case, says 'open' and waits.
 */
const [folder = '', seed = '0', callText = '0'] = process.argv.slice(2);
const say = (line: string): unknown => writeSync(1, `${line}\n`);
const killMe = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const last = Number(callText);
const dying = faultyDisk(realDisk, ({ number }) => {
  if (number !== last) return 'pass';
  return { fail: 'EIO', half: true, last: killMe };
});
const store = createCaseStore({ now: () => new Date().toISOString(), who: 'fixture', disk: last > 0 ? dying : realDisk });
const files = existsSync(path.join(folder, 'case.json')) ? await store.open(folder) : await store.create(folder, { name: 'Crash' });

if (seed === 'hold') {
  say(files.readOnly ? `readonly ${files.heldBy}` : 'open');
  setInterval(() => {}, 1000);
} else {
  let state = Number(seed) >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const blob = (): Promise<string> => files.putBlob(new TextEncoder().encode(`${random(2 ** 31)}`.repeat(1 + random(400))));
  const acknowledge = (entry: { sequence: number; hash: string }): unknown => say(`${entry.sequence} ${entry.hash}`);
  acknowledge(files.entries()[0]!);
  if (files.state().series.length === 0) acknowledge(await files.append(sampleImport(await blob())));
  const input = files.state().series[0]!.voxels.sha256;
  for (;;) {
    const segment = files.state().segments.at(-1);
    const undo = random(6) === 0 ? nextUndo(files.entries()) : null;
    const redo = random(6) === 0 ? nextRedo(files.entries()) : null;
    if (!segment || random(12) === 0) acknowledge(await files.append(sampleSegment(await blob(), input, 1000)));
    else if (undo) acknowledge(await files.append(undoAct(undo)));
    else if (redo) acknowledge(await files.append(redoAct(redo)));
    else acknowledge(await files.append(sampleStroke(segment, 1, 5, 'x'.repeat(random(10) === 0 ? 60_000 + random(9000) : random(4000)))));
  }
}
