import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const guard = path.join(import.meta.dirname, 'fixtures', 'no-network.mjs');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lamina-network-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: string[]): Promise<{ code: number; stderr: string; caught: string }> {
  const record = path.join(folder, 'caught.txt');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', guard, ...args],
      { env: { ...process.env, LAMINA_TEST_FAULT: record } },
      async (error, _stdout, stderr) => {
        const caught = existsSync(record) ? await readFile(record, 'utf8') : '';
        resolve({ code: error ? Number(error.code ?? 1) : 0, stderr, caught });
      },
    );
  });
}

describe('[checklist 1] nothing talks to the network', () => {
  test('the guard catches: in the process, and in the processes and threads that it starts', async () => {
    const child = await run(['-e', "import('node:net').then((net) => net.connect(9, '127.0.0.1'))"]);
    expect(child.caught).toContain('net.connect');
    const file = path.join(folder, 'thread.mjs');
    await writeFile(file, "import dns from 'node:dns';\ndns.lookup('x.invalid', () => {});\n");
    const thread = await run(['-e', `new (require('node:worker_threads').Worker)(${JSON.stringify(file)})`]);
    expect(thread.caught).toContain('dns.lookup');
    await rm(path.join(folder, 'caught.txt'));
  });

  test('the whole main job, with its compute process, reaches for nothing', async () => {
    const cli = path.join(import.meta.dirname, 'cli.ts');
    expect(await run([cli, 'phantom', '--seed', '5', '--size', 'small', '--out', path.join(folder, 'p')])).toMatchObject({
      code: 0,
      caught: '',
    });
    const done = await run([cli, 'run', path.join(folder, 'p', 'dicom'), '--out', path.join(folder, 'p.stl')]);
    expect(done, done.stderr).toMatchObject({ code: 0, caught: '' });
  });

  test('[12-environment] a network that is deployed, with the process that runs it, reaches for nothing', async () => {
    const done = await run([path.join(import.meta.dirname, 'cli.ts'), 'models', '--deploy', 'unet-b']);
    expect(done, done.stderr).toMatchObject({ code: 0, caught: '' });
  });

  test('only the loopback shell imports a server, and nothing imports a client', async () => {
    const client =
      /from '(node:)?(https?|http2|net|tls|dgram|dns)(\/promises)?'|\bnew WebSocket\b|\bXMLHttpRequest\b|navigator\.sendBeacon/;
    const found: string[] = [];
    for (const room of ['contract', 'kernels', 'electron', 'renderer'])
      for (const name of await readdir(path.join(root, room), { recursive: true })) {
        if (!/\.tsx?$/.test(name) || /\.test\.tsx?$/.test(name) || name.includes('harness')) continue;
        if (client.test(await readFile(path.join(root, room, name), 'utf8'))) found.push(path.join(room, name));
      }
    expect(found).toEqual([]);
  });
});
