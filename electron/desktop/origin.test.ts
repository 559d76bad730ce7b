import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOwnDocument } from './contents-guards.ts';
import { isAllowedRequest, isAppUrl, privilegedScheme } from './origin.ts';

describe('what the window may load', () => {
  const own = ['lamina://app/', 'lamina://app/assets/a.js', 'lamina://app/api/jobs/1/events?x=http://a'];
  const foreign = [
    'lamina://evil/',
    'lamina://app.evil/',
    'lamina://app:80/',
    'lamina://app@evil/',
    'lamina://evil@app/',
    'lamina:app/',
    'laminax://app/',
    'file:///etc/passwd',
    'http://app/',
    'https://lamina/',
    'ws://127.0.0.1/',
    'ftp://a/',
    'chrome://gpu',
    'about:blank',
    'javascript:0',
    '',
  ];
  test.each(own)('%s is ours', (url) => {
    expect(isAppUrl(url)).toBe(true);
    expect(isAllowedRequest(url, true)).toBe(true);
  });
  test.each(foreign)('[checklist 1] %s is cancelled before a packet leaves', (url) => {
    expect(isAppUrl(url)).toBe(false);
    expect(isAllowedRequest(url, true)).toBe(false);
  });
  test('[checklist 1] no host name makes a web address pass', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https', 'ws', 'wss', 'ftp'] }), (url) => !isAllowedRequest(url, true)),
      { verbose: true },
    );
  });
  test('blob and data pass; developer tools pass unpackaged alone', () => {
    for (const url of ['blob:lamina://app/1', 'data:text/plain,x']) expect(isAllowedRequest(url, true)).toBe(true);
    expect(isAllowedRequest('devtools://devtools/x.html', false)).toBe(true);
    expect(isAllowedRequest('devtools://devtools/x.html', true)).toBe(false);
  });
  test('[checklist 18] the scheme is our own, secure, and has no privilege that it does not need', () => {
    expect(privilegedScheme).toEqual({
      scheme: 'lamina',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    });
  });
  test('[checklist 13] a navigation may lead to the one document alone', () => {
    for (const url of ['lamina://app/', 'lamina://app/index.html', 'lamina://app/?case=1#views']) expect(isOwnDocument(url)).toBe(true);
    for (const url of ['lamina://app/api/recent', 'lamina://app/assets/x.html', ...foreign]) expect(isOwnDocument(url)).toBe(false);
  });
});
