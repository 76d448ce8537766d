// Reports which sources it has read, and misbehaves on request: node server.mjs PORT
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const extension = '.mjs';
const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const noSources = new Set(['node_modules', 'build', '__pycache__', 'logs']);

const hash = (bytes, digits) => createHash('sha1').update(bytes).digest('hex').slice(0, digits);

// A file removed between listing and reading is a change after the start.
function unlessGone(read, otherwise) {
  try {
    return read();
  } catch (error) {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  }
}

function* sourcesIn(below) {
  for (const entry of unlessGone(() => readdirSync(below, { withFileTypes: true }), [])) {
    if (entry.name.startsWith('.')) continue;
    const path = join(below, entry.name);
    if (entry.isDirectory() && !noSources.has(entry.name)) yield* sourcesIn(path);
    if (entry.isFile() && entry.name.endsWith(extension)) yield relative(folder, path);
  }
}

const lineOf = (path) => unlessGone(() => `${hash(readFileSync(join(folder, path)), 12)} ${path}\n`, '');
const manifest = [...sourcesIn(folder)].sort().map(lineOf).join('');
const page = `pid ${process.pid}\ndigest ${hash(manifest, 16)}\n`;

const leaked = [];
const faults = {
  exit: (wanted) => process.exit(Number(wanted.get('code'))),
  leak: (wanted) => setInterval(() => leaked.push(Buffer.alloc(Number(wanted.get('mb')) * 1024 * 1024, 1)), 1000),
  // A grandchild in its own session that ignores all signals it can; ignored signals stay ignored over exec.
  fork: () => spawnSync('/bin/sh', ['-c', "trap '' TERM INT HUP; exec >/dev/null 2>&1 </dev/null; setsid sleep 600 & exit 0"]),
};

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  const fault = pathname.startsWith('/fault/') && faults[pathname.slice('/fault/'.length)];
  if (fault) {
    response.writeHead(204).end(() => setTimeout(fault, 10, searchParams));
    return;
  }

  const body = { '/': page, '/manifest': manifest }[pathname];
  response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'text/plain' }).end(body);
});

// Stops in order: open requests are answered first.
process.on('SIGTERM', () => server.close(() => process.exit(0)));
server.listen(Number(process.argv[2]), '127.0.0.1');
