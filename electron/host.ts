import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cpus, userInfo } from 'node:os';
import path from 'node:path';
import { decodeRuns, runsFromText } from '../kernels/labels/runs.ts';
import { outlineLps } from '../kernels/markups/outline.ts';
import { modelsFolder } from './models-folder.ts';
import { createCaseStore } from './ports/case-store.ts';
import { uidFrom } from './ports/dicom-write.ts';
import { casesFolder, createFiles, ensureFolder, sweepTemporary } from './ports/files.ts';
import { createFolders } from './ports/folders.ts';
import { createLabelTables } from './ports/label-tables.ts';
import { createProfiles } from './ports/profiles.ts';
import { createRecent } from './ports/recent.ts';
import { type ForkChild, forkNodeChild } from './processes/child.ts';
import { createModels } from './processes/models.ts';
import { createCompute } from './processes/pool.ts';
import { createService } from './service/index.ts';
import { version } from './version.ts';

export interface HostOptions {
  shell: 'desktop' | 'browser' | 'cli';
  /** A folder that the window offers to import at once (`npm start -- FOLDER`). */
  initialFolder?: string | null;
  fork?: ForkChild;
  /** One line, free of patient data; standard error by default. */
  log?: (line: string) => void;
}

export interface Host {
  service: { fetch(request: Request): Promise<Response> };
  runningJobs(): number;
  close(): Promise<void>;
}

/** Puts the service together with the real outside world; the same for all three shells. */
export async function createHost(options: HostOptions): Promise<Host> {
  const log = options.log ?? ((line: string) => process.stderr.write(`lamina: ${line}\n`));
  const compute = createCompute(options.fork ?? forkNodeChild, log);
  const models = createModels({
    folder: modelsFolder(),
    fork: options.fork ?? forkNodeChild,
    compute,
    log,
    provider: process.env.LAMINA_PROVIDER || null,
  });
  const started = performance.now();
  await sweepTemporary();
  if (options.shell !== 'cli') await ensureFolder(casesFolder());
  const service = createService({
    about: async () => ({
      version,
      shell: options.shell,
      computingOn: `CPU · ${cpus().length} cores`,
      networks: networksInWords(await models.count()),
      initialFolder: options.initialFolder ?? null,
      demoReady: existsSync(path.join(casesFolder(), 'DEMO-HEAD.lamina')),
    }),
    now: () => new Date().toISOString(),
    elapsedMs: () => performance.now(),
    newId: () => randomUUID(),
    cases: createCaseStore({
      now: () => new Date().toISOString(),
      elapsedMs: () => Math.round(performance.now() - started),
      who: userInfo().username,
    }),
    compute,
    models,
    profiles: createProfiles(),
    labels: createLabelTables(),
    files: createFiles(),
    folders: createFolders(),
    // A script's batch must not push a person's cases off the list.
    recent: options.shell === 'cli' ? { list: createRecent().list, touch: async () => {} } : createRecent(),
    uid: uidFrom,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    countDelta: (delta, voxels) => {
      let count = 0;
      decodeRuns(runsFromText(delta.runs), (start, length) => {
        if (start + length > voxels) throw new RangeError('a run lies beyond the volume');
        count += length;
      });
      return count;
    },
    outlineLps,
    log,
  });
  return {
    service,
    runningJobs: service.runningJobs,
    async close() {
      await service.close();
      compute.close();
      await models.close();
    },
  };
}

function networksInWords(count: number): string {
  if (count === 0) return 'none installed';
  return `${count} ${count === 1 ? 'network' : 'networks'}, trained on procedural phantoms only`;
}
