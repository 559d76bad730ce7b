import type { Session } from 'electron';
import { appScheme, isAllowedRequest } from './origin.ts';

export interface SessionWiring {
  handler: (request: Request) => Promise<Response>;
  packaged: boolean;
}

/** Denies every permission, request, check and device. */
const denyPermissions = (session: Session): void => {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
};

const refuseDownloads = (session: Session): void => {
  session.on('will-download', (event) => event.preventDefault());
};

/**
 * Wires the window's own session: the handler lives on THIS session's protocol (the global one serves the default session only), and so do
 * permissions, request filter, proxy and spell checking. Await it before the first window.
 */
export const wireSession = async (session: Session, { handler, packaged }: SessionWiring): Promise<void> => {
  session.setSpellCheckerEnabled(false);
  denyPermissions(session);
  refuseDownloads(session);
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, (details, answer) =>
    answer({ cancel: !isAllowedRequest(details.url, packaged) }),
  );
  session.protocol.handle(appScheme, handler);
  await session.setProxy({ mode: 'direct' });
};

/** Any other session, the default one included, has nothing to load: everything but developer tools is denied. */
export const lockSession = (session: Session, packaged: boolean): void => {
  session.setSpellCheckerEnabled(false);
  denyPermissions(session);
  refuseDownloads(session);
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, (details, answer) =>
    answer({ cancel: packaged || !details.url.startsWith('devtools:') }),
  );
};
