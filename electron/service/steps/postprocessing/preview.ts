import type { MaskPreview } from '../../../../contract/routes.ts';
import type { StagedFile } from '../../../processes/protocol.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** The newest preview of each opened case; it goes with the case that is closed. */
const newest = new WeakMap<Session, string>();

/**
 * A mask that is looked at and not kept: made in a folder that goes again, its bytes at a name of the case's previews. It takes the place of
 * the one before it, which is a whole mask of the image.
 */
export async function keepPreview(
  ports: Ports,
  session: Session,
  make: (into: string) => Promise<Omit<MaskPreview, 'mask'> & { mask: StagedFile }>,
): Promise<MaskPreview> {
  const into = await ports.files.temporary();
  try {
    const { mask, ...figures } = await make(into);
    const name = `preview-${ports.newId()}.u8`;
    const path = await session.cacheFile(name);
    await ports.files.copy(mask.path, path);
    const before = newest.get(session);
    newest.set(session, path);
    if (before !== undefined) await ports.files.remove(before);
    return { ...figures, mask: `/api/cases/${session.id}/previews/${name}` };
  } finally {
    await ports.files.remove(into);
  }
}
