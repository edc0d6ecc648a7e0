/**
 * How every program of ours begins and ends: one clear line and exit code 1 for what the person can mend, a clean stop on
 * Ctrl-C (SIGINT) and SIGTERM within 25 s, which is below what Kubernetes waits (30 s). Used by `main.ts` files and command-line tools only.
 */
import { AppError } from '../schema/errors.ts';
import { ConfigError } from './config.ts';
import { ProblemError } from './problem.ts';

const STOP_MS = 25_000;
const LINGER_MS = 2_000;

/** What a program hands back when it goes on running: how to end it. */
export type Stop = () => Promise<void>;

function fail(error: unknown): void {
  if (error instanceof ConfigError) console.error(`Cannot start, the configuration has faults:\n${error.message}`);
  else if (error instanceof ProblemError || error instanceof AppError || isUsage(error)) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}

/** node:util parseArgs' own errors name the option and what to do. */
const isUsage = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** Runs `main`; where it hands back a stop function, calls it on the first signal and exits. A second signal exits at once. */
export async function runMain(main: (stopping: AbortSignal) => Promise<Stop | undefined>): Promise<void> {
  const stopping = new AbortController();
  let stop: Stop | undefined;
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
    if (!stop) return;
    console.error(`\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: stopping …`);
    const timer = setTimeout(() => {
      console.error('Not stopped within 25 s: leaving.');
      process.exit(1);
    }, STOP_MS - 500);
    try {
      await stop();
      console.error('Stopped.');
    } catch (error) {
      fail(error);
    }
    clearTimeout(timer);
    process.exit();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    stop = await main(stopping.signal);
    if (stop && stopping.signal.aborted) {
      await stop();
      process.exit();
    }
  } catch (error) {
    fail(error);
  }
  if (!stop) {
    setTimeout(() => process.exit(), LINGER_MS).unref(); // whatever was half open must not keep a finished program alive
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
