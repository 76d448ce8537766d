// Calls the control pipe as any client would: node control-pipe-client.mjs CONTROL.SOCK [SERVICE]
// The service must be running. Prints one JSON document a line: {"check", "ok", "actual"}. Exits with 0 when every check is ok.
import net from 'node:net';
import rpc from 'vscode-jsonrpc/node.js';

const { CancellationTokenSource, ParameterStructures, StreamMessageReader, StreamMessageWriter, createMessageConnection } = rpc;
const [pipe, wantedService] = process.argv.slice(2);
const patience = 20_000;
let failed = 0;

async function check(name, run) {
  let ok = false;
  let actual;

  try {
    [ok, actual] = await within(run(), name);
  } catch (error) {
    actual = `${error.name}: ${error.message}`;
  }

  failed += ok ? 0 : 1;
  console.log(JSON.stringify({ check: name, ok, actual }));
}

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: nothing within ${patience} ms`)), patience); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function dial() {
  const socket = net.createConnection(pipe);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

async function connect() {
  const socket = await dial();
  const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  connection.listen();
  return { connection, end: () => { connection.dispose(); socket.destroy(); } };
}

async function errorOf(promise) {
  try {
    return { answered: await promise };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}

const isReport = (report) => typeof report?.tree?.revision === 'number' && Array.isArray(report.services) && typeof report.watcher?.state === 'string';
const outcome = (answer) => answer.services.map(({ service, succeeded, message }) => ({ service, succeeded, message }));

/** Sends bytes as they are; gives the messages that came back and whether the other end then closed. */
async function raw(bytes, messages) {
  const socket = await dial();
  const received = [];
  let rest = Buffer.alloc(0);

  return await new Promise((resolve, reject) => {
    const finish = (closed) => { socket.destroy(); resolve({ received, closed }); };
    socket.on('data', (data) => {
      rest = Buffer.concat([rest, data]);

      for (;;) {
        const end = rest.indexOf('\r\n\r\n');
        const length = end < 0 ? NaN : Number(/content-length: (\d+)/i.exec(rest.subarray(0, end))[1]);

        if (!(rest.length >= end + 4 + length))
          break;

        received.push(JSON.parse(rest.subarray(end + 4, end + 4 + length)));
        rest = rest.subarray(end + 4 + length);
      }

      if (received.length === messages)
        finish(false);
    });
    socket.on('end', () => finish(true));
    socket.on('error', (error) => (error.code === 'ECONNRESET' ? finish(true) : reject(error)));
    socket.write(bytes);
  });
}

const frame = (body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const { connection, end } = await connect();
const board = await connection.sendRequest('supervisor/status').catch(() => null);
const service = wantedService ?? board?.services[0]?.name;

await check('status, no parameters', async () => [isReport(board), board?.services.map(({ name, state }) => ({ name, state }))]);

await check('status, named', async () => {
  const report = await connection.sendRequest('supervisor/status', ParameterStructures.byName, {});
  return [isReport(report), report.tree.revision];
});

await check('status, positional', async () => {
  const report = await connection.sendRequest('supervisor/status', ParameterStructures.byPosition);
  return [isReport(report), report.tree.revision];
});

await check('restart, named', async () => {
  const answer = await connection.sendRequest('supervisor/restart', ParameterStructures.byName, { services: [service], force: true });
  return [answer.services.length === 1 && answer.services[0].succeeded, outcome(answer)];
});

await check('restart, positional', async () => {
  const answer = await connection.sendRequest('supervisor/restart', ParameterStructures.byPosition, [service], true);
  return [answer.services.length === 1 && answer.services[0].succeeded, outcome(answer)];
});

await check('subscribe', async () => {
  const subscriber = await connect();

  try {
    const pushed = new Promise((resolve) => subscriber.connection.onNotification('supervisor/board', resolve));
    const first = await subscriber.connection.sendRequest('supervisor/subscribe');
    await connection.sendRequest('supervisor/restart', { services: [service], force: true });
    const next = await pushed;
    return [isReport(first) && isReport(next) && next.tree.revision > first.tree.revision, [first.tree.revision, next.tree.revision]];
  } finally {
    subscriber.end();
  }
});

await check('a cancelled wait', async () => {
  const cancellation = new CancellationTokenSource();
  const waiting = errorOf(connection.sendRequest('supervisor/wait', { services: [service], for: 'stopped', timeoutMs: null }, cancellation.token));

  // Its answer proves that the wait has arrived before the cancellation.
  await connection.sendRequest('supervisor/status');
  cancellation.cancel();
  const error = await waiting;
  return [error.code === -32800, error];
});

await check('an unknown method', async () => {
  const error = await errorOf(connection.sendRequest('supervisor/dance'));
  return [error.code === -32601 && error.message.includes('supervisor/dance'), error];
});

await check('wrong parameters, named', async () => {
  const error = await errorOf(connection.sendRequest('supervisor/wait', { services: 5 }));
  return [error.code === -32602 && error.message.includes('"services"'), error];
});

await check('wrong parameters, positional', async () => {
  const error = await errorOf(connection.sendRequest('supervisor/wait', ParameterStructures.byPosition, [service], 'ready', 'soon'));
  return [error.code === -32602 && error.message.includes('"timeoutMs"'), error];
});

await check('missing parameters', async () => {
  const error = await errorOf(connection.sendRequest('supervisor/wait'));
  return [error.code === -32602 && error.message.includes('"services"'), error];
});

await check('a service that does not exist', async () => {
  const error = await errorOf(connection.sendRequest('supervisor/why', { service: 'no-such-service' }));
  return [error.code === -32001, error];
});

await check('a batch: an error, and the link lives', async () => {
  const ask = (id) => ({ jsonrpc: '2.0', id, method: 'supervisor/status' });
  const { received: [refusal, answer], closed } = await raw(frame(JSON.stringify([ask(1), ask(2)])) + frame(JSON.stringify(ask(3))), 2);
  return [!closed && refusal.error?.code === -32600 && refusal.id === null && refusal.error.message.includes('batch') && answer.id === 3, refusal];
});

await check('a message that is not JSON: an error, and the link lives', async () => {
  const { received, closed } = await raw(frame('{"jsonrpc":') + frame('{"jsonrpc":"2.0","id":2,"method":"supervisor/status"}'), 2);
  const codes = received.map((message) => message.error?.code ?? message.id);
  return [!closed && codes[0] === -32700 && codes[1] === 2, codes];
});

for (const [name, bytes, code] of [
  ['a broken frame', 'Content-Length: many\r\n\r\n{}', -32700],
  ['a frame that claims 4 GiB', 'Content-Length: 4294967296\r\n\r\n', -32600],
  ['bytes that are no frame at all', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', -32700],
]) {
  await check(`${name}: an error, then the end of the link`, async () => {
    const { received, closed } = await raw(bytes, Infinity);
    return [closed && received.length === 1 && received[0].error?.code === code && received[0].id === null, received];
  });
}

await check('the first link has survived all of it', async () => [isReport(await connection.sendRequest('supervisor/status')), 'answered']);

end();
process.exitCode = failed === 0 ? 0 : 1;
