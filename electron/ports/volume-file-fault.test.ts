import path from 'node:path';
import { expect, test } from 'vitest';
import { readNiftiMask } from './nifti-read.ts';

test('[7.2-dicom] a labelmap that is not there is told as a path to be checked: nothing was imported before', async () => {
  const none = path.join(import.meta.dirname, 'nothing-by-this-name.nii');
  await expect(readNiftiMask(none, () => {})).rejects.toMatchObject({
    code: 'MISSING_FILES',
    message: 'The file is not there. Check the path.',
  });
});
