// What failed, for the end of `npm test`: where only the last lines of a long log are kept, they must name the test and say why.
import { stripVTControlCharacters } from 'node:util';

const head = (/** @type {string} */ message) =>
  stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim())
    .slice(0, 6)
    .map((line) => `      ${line.trim().slice(0, 200)}`);

/**
 * @param {import('./failures.d.mts').UnitReport} report vitest's JSON
 * @param {string} root taken off the files' names
 * @returns {string[]} lines; a file that did not load is named without a test
 */
export function unitFailures(report, root) {
  return report.testResults.flatMap((file) => {
    const where = file.name.replace(`${root}/`, '');
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return file.message ? [`  ${where}`, ...head(file.message)] : [];
    return failed.flatMap((test) => [
      `  ${where} › ${test.fullName}${test.duration == null ? '' : ` (${(test.duration / 1000).toFixed(1)} s)`}`,
      ...head(test.failureMessages[0] ?? ''),
    ]);
  });
}

/**
 * @param {{ suites: import('./failures.d.mts').Suite[], errors?: { message?: string }[] }} report Playwright's JSON
 * @returns {string[]}
 */
export function e2eFailures(report) {
  const inside = (/** @type {import('./failures.d.mts').Suite} */ suite, /** @type {string} */ file) => [
    ...(suite.specs ?? []).flatMap((spec) =>
      spec.tests.flatMap(({ results }) => {
        const last = results.at(-1);
        if (!last || ['passed', 'skipped'].includes(last.status)) return [];
        return [`  ${file} › ${spec.title} (${(last.duration / 1000).toFixed(1)} s)`, ...head(last.error?.message ?? last.status)];
      }),
    ),
    ...(suite.suites ?? []).flatMap((/** @type {import('./failures.d.mts').Suite} */ child) => inside(child, file)),
  ];
  return [
    ...report.suites.flatMap((suite) => inside(suite, suite.file ?? suite.title)),
    ...(report.errors ?? []).flatMap(({ message }) => ['  outside of a test', ...head(message ?? '')]),
  ];
}
