import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';

/** Where all UIDs of a case's objects come from: they are the same for the same content, and tell nothing of the patient. */
export const uidSeedOf = (session: Session): string => `lamina case ${session.files.identity.id}`;

/** TrackingID and TrackingUID of a segment or markup of a case: the same in every file, so that a file that comes back finds it. */
export function trackingOf(ports: Ports, session: Session, id: string): { trackingId: string; trackingUid: string } {
  return { trackingId: id, trackingUid: ports.uid(`${uidSeedOf(session)} tracks ${id}`) };
}

/** Whether a file's tracking UID is that of a segment of this case: as it stands, or as de-identification has mapped it. */
export function isTracked(ports: Ports, session: Session, id: string, uid: string): boolean {
  const { trackingUid } = trackingOf(ports, session, id);
  return uid === trackingUid || uid === ports.uid(`${uidSeedOf(session)} ${trackingUid}`);
}
