import { createClient, JobFailed, Usage } from './cli/client.ts';
import { usage, verbs } from './cli/verbs.ts';
import { createHost } from './host.ts';

/** Shell 3. JSON on stdout with --json and nothing else there; progress on stderr; exit 0 done, 2 usage, 3 refused, 1 our fault. */
async function main(argv: string[]): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
    process.stdout.write(`${usage()}\n`);
    return verb === undefined ? 2 : 0;
  }
  const command = verbs[verb];
  if (!command) {
    process.stderr.write(`lamina: there is no verb '${verb}'\n\n${usage()}\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`lamina ${verb} ${command.synopsis}\n${command.about}\n`);
    return 0;
  }
  const json = rest.includes('--json');
  const host = await createHost({ shell: 'cli' });
  const client = createClient(host.service.fetch);
  const stop = () => client.cancelRunning();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const result = await command.run(client, rest);
    print(json, result.json, result.text);
    return result.exitCode ?? 0;
  } catch (error) {
    if (error instanceof Usage) {
      process.stderr.write(`lamina ${verb}: ${error.message}\nusage: lamina ${verb} ${command.synopsis}\n`);
      return 2;
    }
    if (error instanceof JobFailed) return report(json, error);
    process.stderr.write(`lamina: our mistake: ${(error as Error)?.stack ?? error}\n`);
    return 1;
  } finally {
    await client.closeCases();
    await host.close();
  }
}

function print(json: boolean, object: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(object)}\n` : `${text}\n`);
}

/** A refusal prints its object too, so that a script reads why. */
function report(json: boolean, { problem }: JobFailed): number {
  if (problem.status === 400) {
    process.stderr.write(`lamina: ${problem.detail}\n`);
    return 2;
  }
  if (!problem.code) {
    process.stderr.write(`lamina: ${problem.detail}\n`);
    return 1;
  }
  const reasons = problem.reasons ?? [{ code: problem.code, message: problem.detail }];
  if (json) print(true, { ...(problem.report as object | undefined), outcome: 'reject', reasons }, '');
  process.stderr.write(
    `${reasons.map((r) => `refused: ${r.code}: ${r.message}`).join('\n')}\n${problem.remedy ? `what to do: ${problem.remedy}\n` : ''}`,
  );
  return 3;
}

process.exitCode = await main(process.argv.slice(2));
