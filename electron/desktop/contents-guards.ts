import type { WebContents } from 'electron';
import { isAppUrl } from './origin.ts';

/** The window's one document. A reload of it (after a lost graphics context, say) is a navigation too, and the only one there is. */
export const isOwnDocument = (url: string): boolean => isAppUrl(url) && ['/', '/index.html'].includes(new URL(url).pathname);

/** No page may take the window elsewhere, open another, embed one or name itself. A link in a report is text. */
export const guardContents = (contents: WebContents): void => {
  const refuseElsewhere = (event: { url: string; preventDefault(): void }): void => {
    if (!isOwnDocument(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', refuseElsewhere);
  contents.on('will-frame-navigate', refuseElsewhere);
  contents.on('will-redirect', refuseElsewhere);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('page-title-updated', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
};
