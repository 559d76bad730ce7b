import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createHost } from './host.ts';
import { serveLoopback } from './loopback.ts';

/** Shell 2 as a program: `npm start -- --browser` runs it. Prints the address; opens it where a display is. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, open: { type: 'boolean' }, 'no-demo': { type: 'boolean' } },
});

const folder = positionals[0] === undefined ? null : path.resolve(positionals[0]);
const host = await createHost({ shell: 'browser', initialFolder: folder });
const loopback = await serveLoopback(host, { port: values.port === undefined ? 0 : Number(values.port) });
process.stdout.write(`Lamina is at ${loopback.url}\nIt answers on this machine only. Press Ctrl+C to stop.\n`);

if (values.open) {
  const [command, ...args] =
    process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : process.platform === 'darwin' ? ['open'] : ['xdg-open'];
  const opener = spawn(command as string, [...args, loopback.url], { stdio: 'ignore', detached: true });
  opener.on('error', () => process.stdout.write('No browser could be opened; open the address above by hand.\n'));
  opener.unref();
}
// The demo head is drawn while the user looks at the first screen, so that it is ready when asked for.
if (!values['no-demo']) await host.service.fetch(new Request('http://lamina/api/demo/prepare', { method: 'POST' }));

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await loopback.close();
  await host.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
