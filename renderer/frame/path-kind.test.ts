import { describe, expect, it } from 'vitest';
import type { FolderListing } from '../../contract/routes.ts';
import { typedKind } from './path-kind.ts';

const listing = (path: string, ...files: string[]): FolderListing => ({
  path,
  parent: '/home',
  entries: files.map((name) => ({ name, path: `${path}/${name}`, kind: 'file' })),
  truncated: false,
});

describe('a path typed into the folder dialog', () => {
  it.each(['/home/head.lamina', '/home/head.LAMINA/', 'C:\\cases\\head.lamina\\', ' /home/head.lamina '])(
    '%s is a case by its name',
    (path) => {
      expect(typedKind(path, null)).toBe('case');
    },
  );
  it('is a case where its own list says so, and not for the list of another folder', () => {
    const list = listing('/home/renamed', 'case.json', 'journal.ndjson');
    expect(typedKind('/home/renamed', list)).toBe('case');
    expect(typedKind('/home/other', list)).toBe('folder');
  });
  it.each(['/home/dicom', '/home/head.lamina/blobs', '/home/lamina', '/home/ct.nii.gz'])('%s is read for series', (path) => {
    expect(typedKind(path, listing(path, 'a.dcm'))).toBe('folder');
  });
});
