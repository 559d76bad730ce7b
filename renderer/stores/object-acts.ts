import { z } from 'zod';
import { caseState } from '../../contract/case.ts';
import {
  type ObjectExportRequest,
  type ObjectExportResult,
  type ObjectImportResult,
  objectExportResult,
  objectImportResult,
} from '../../contract/object-files.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { adopt } from './case.ts';
import { runJob } from './jobs.ts';

const withCase = z.object({ case: caseState });

/** Segments and markups as a file that other programs open. */
export function exportObject(request: ObjectExportRequest): Promise<ObjectExportResult | null> {
  return act('Export', async () => {
    const answer = await runJob(api.exportObject(open().id, request));
    await adopt(withCase.parse(answer).case);
    return objectExportResult.parse(answer);
  });
}

/** What such a file holds, into the case: what came from it is changed, the rest is new; undo takes it back. */
export function loadObject(path: string, series: string | null, into: string | null): Promise<ObjectImportResult | null> {
  return act('Load', async () => {
    const answer = await runJob(api.loadObject(open().id, { path, series, into }));
    await adopt(withCase.parse(answer).case);
    return objectImportResult.parse(answer);
  });
}
