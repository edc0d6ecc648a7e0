/** Starts the project's own programs as a user or a container would, and waits for what they say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { eventually } from './eventually.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface StartedProcess {
  readonly child: ChildProcess;
  /** All it has printed so far, both streams. */
  readonly output: () => string;
  /** Resolves when the text has been printed. Rejects when the process ends before, with what it printed. */
  saw(text: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Sends the signal and resolves with the exit code (null: ended by a signal). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  readonly exit: Promise<number | null>;
}

/** The environment is exactly `env` and PATH: nothing of the test's own leaks in. */
export function startProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = ROOT,
): StartedProcess {
  const [program = '', ...args] = command;
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', APOLLO_TELEMETRY_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-200_000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    exit,
    async saw(text, timeoutMs = 30_000) {
      const there = () => (typeof text === 'string' ? output.includes(text) : text.test(output));
      try {
        await eventually(() => there() || child.exitCode !== null, timeoutMs);
      } catch (cause) {
        throw new Error(`It did not print ${text}. It printed:\n${output}`, { cause });
      }
      if (!there()) throw new Error(`It ended with ${child.exitCode} before printing ${text}. It printed:\n${output}`);
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exit;
    },
  };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
