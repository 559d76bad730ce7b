import { expect, test } from 'vitest';
import { e2eFailures, unitFailures } from './failures.mjs';

test('a failed unit test is named with its file and the head of its message; a file that did not load too', () => {
  const assertion = {
    fullName: 'a thing holds',
    duration: 1500,
    failureMessages: ['\u001b[31mError: 1 is not 2\u001b[39m\n\n    at here'],
  };
  const report = {
    testResults: [
      {
        name: '/house/kernels/a.test.ts',
        message: '',
        assertionResults: [
          { ...assertion, status: 'failed' },
          { ...assertion, status: 'passed', failureMessages: [] },
        ],
      },
      { name: '/house/kernels/b.test.ts', message: 'Cannot find module', assertionResults: [] },
      { name: '/house/kernels/c.test.ts', message: '', assertionResults: [] },
    ],
  };
  expect(unitFailures(report, '/house')).toEqual([
    '  kernels/a.test.ts › a thing holds (1.5 s)',
    '      Error: 1 is not 2',
    '      at here',
    '  kernels/b.test.ts',
    '      Cannot find module',
  ]);
});

test('a failed end-to-end test is named however deep it stands', () => {
  const spec = (title: string, status: string) => ({
    title,
    tests: [{ projectName: 'browser', results: [{ status, duration: 2000, error: { message: `${title} went wrong` } }] }],
  });
  const report = {
    suites: [
      {
        title: 'x.spec.ts',
        file: 'e2e/x.spec.ts',
        specs: [spec('first', 'passed')],
        suites: [{ title: 'inner', specs: [spec('second', 'timedOut'), spec('third', 'skipped')] }],
      },
    ],
    errors: [{ message: 'No port' }],
  };
  expect(e2eFailures(report)).toEqual([
    '  e2e/x.spec.ts › second (2.0 s)',
    '      second went wrong',
    '  outside of a test',
    '      No port',
  ]);
});
