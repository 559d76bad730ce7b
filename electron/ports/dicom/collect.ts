import { type Coded, type Finding, Refusal } from '../../../contract/errors.ts';
import { asRefusal } from '../volume-file-fault.ts';
import { volumeFormatOf } from '../volume-file-open.ts';
import { findFiles } from './files.ts';
import { type ImageFile, isImage, type OtherFile, readImage } from './image.ts';
import { NotReadable } from './open.ts';

/** What the chosen files and folders hold, each file in exactly one of the lists. */
export interface Collection {
  /** All of them, in the order in which they were found. */
  paths: string[];
  images: ImageFile[];
  others: OtherFile[];
  /** NIfTI, NRRD and MetaImage files, by content. */
  volumeFiles: string[];
  /** Zip archives, by name; they are opened by who gathers. */
  archives: string[];
  /** Files that claim to be DICOM and cannot be read. */
  damaged: { path: string; reason: Coded }[];
  /** Files that are something else. */
  findings: Finding[];
}

const niftiName = /\.nii(\.gz)?$/i;
const archiveName = /\.zip$/i;
const otherVolumeName = /\.(nrrd|nhdr|mha|mhd)$/i;
const containerName = /\.(tar|tgz|7z|rar|hdr|img\.gz)$/i;

/**
 * Walks the input and reads each file's header.
 * @param step called after each file with how many are done of all
 */
export function collect(chosen: string[], step: (done: number, total: number) => void): Collection {
  const found = findFiles(chosen);
  const out: Collection = {
    paths: found.paths,
    images: [],
    others: [],
    volumeFiles: [],
    archives: [],
    damaged: [],
    findings: [...found.findings],
  };
  found.paths.forEach((path, n) => {
    sort(path, out);
    step(n + 1, found.paths.length);
  });
  return out;
}

function sort(path: string, out: Collection): void {
  if (niftiName.test(path)) {
    out.volumeFiles.push(path);
    return;
  }
  if (archiveName.test(path)) {
    out.archives.push(path);
    return;
  }
  try {
    const file = readImage(path);
    if (isImage(file)) out.images.push(file);
    else out.others.push(file);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason: Coded = { code: error.code, message: error.message };
    if (error.code === 'NOT_DICOM' && isVolumeFile(path)) out.volumeFiles.push(path);
    else if (error.code === 'NOT_DICOM' && otherVolumeName.test(path)) {
      out.damaged.push({
        path,
        reason: { code: 'CORRUPT_FILE', message: 'The file is named as a volume and does not begin as one. Save it again.' },
      });
    } else if (error.code === 'NOT_DICOM' && containerName.test(path)) {
      out.damaged.push({
        path,
        reason: {
          code: 'UNSUPPORTED_CONTAINER',
          message: 'This file format is not opened. Convert it to NIfTI-1, or unpack it and choose the folder.',
        },
      });
    } else if (error instanceof NotReadable && !error.recognised && error.code !== 'UNREADABLE_FILE') {
      out.findings.push({ text: error.code === 'NOT_DICOM' ? 'Not a DICOM file; left out.' : error.message, path, code: error.code });
    } else out.damaged.push({ path, reason });
  }
}

/** By content, since names are lost in archives and on media. A file that cannot be read has been refused before. */
function isVolumeFile(path: string): boolean {
  try {
    return volumeFormatOf(path) !== null;
  } catch (error) {
    if (asRefusal(error) instanceof Refusal) return false;
    throw error;
  }
}
