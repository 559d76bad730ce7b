import type { CustomScheme } from 'electron';

/** The one scheme and the one origin that the window ever loads. */
export const appScheme = 'lamina';
export const appOrigin = 'lamina://app/';
/** In memory (no `persist:`): no cache, storage or history with patients' names on the disk. */
export const partition = 'lamina';

/**
 * What `protocol.registerSchemesAsPrivileged` is told. `corsEnabled` stays off (it would block same-scheme fetches and is not needed for
 * same-origin ones), `bypassCSP` and `allowServiceWorkers` stay off because nothing needs them.
 */
export const privilegedScheme: CustomScheme = Object.freeze({
  scheme: appScheme,
  privileges: Object.freeze({ standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }),
});

/** True for a document of ours: the scheme and the host, compared on the parsed URL, never on a prefix that a user name could forge. */
export const isAppUrl = (url: string): boolean => {
  const parsed = URL.parse(url);
  return parsed?.protocol === `${appScheme}:` && parsed.host === 'app' && parsed.username === '' && parsed.password === '';
};

/** The allow-list of `onBeforeRequest`: everything else is cancelled before a packet leaves. Developer tools exist unpackaged only. */
export const isAllowedRequest = (url: string, packaged: boolean): boolean => {
  const protocol = URL.parse(url)?.protocol;
  if (protocol === `${appScheme}:`) return isAppUrl(url);
  if (protocol === 'devtools:') return !packaged;
  return protocol === 'blob:' || protocol === 'data:';
};
