import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * One at a time on this machine, whoever it is: the name is an abstract socket, which the kernel takes back with the
 * process, so no lock is ever left behind. `onWait` is told once when somebody else has it.
 */
export async function withLock<T>(
  work: () => Promise<T>,
  onWait: () => void = () => {},
  name = usual,
): Promise<T> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => {});
    socket.unref();
  });
  for (let told = false; !(await bind(server, name)); told = true) {
    if (!told) onWait();
    await release(name);
  }
  try {
    return await work();
  } finally {
    server.close();
    for (const socket of waiting) socket.destroy();
  }
}

const usual = '\0rehome-lab-kubernetes';

async function bind(server: Server, name: string): Promise<boolean> {
  server.listen(name);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Whoever holds the lock keeps our connection open until he lets go or dies. */
function release(name: string): Promise<void> {
  return new Promise((done) => {
    const socket = connect(name);
    socket.on('error', () => {});
    socket.on('close', () => done());
  });
}
