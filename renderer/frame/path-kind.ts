import type { FolderListing } from '../../contract/routes.ts';

/** A path that says by its name that it is a case. */
export const isCaseName = (path: string): boolean => /\.lamina[\\/]*$/i.test(path.trim());

/** A folder whose own list shows it to be a case, whatever it is called. */
export const listsCase = (listing: FolderListing): boolean => listing.entries.some((e) => e.kind === 'file' && e.name === 'case.json');

/** What a typed path names, as far as is known: by its name, or by the list shown where that is the list of this path. */
export function typedKind(path: string, listing: FolderListing | null): 'folder' | 'case' {
  return isCaseName(path) || (listing !== null && listing.path === path && listsCase(listing)) ? 'case' : 'folder';
}
