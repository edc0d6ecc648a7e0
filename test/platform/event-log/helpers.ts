/** Starts helper processes, hears what they say, and ends all of them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.ts';
import type { HelperEvent, HelperMessage, HelperTask } from './helper-tasks.ts';

const SCRIPT = fileURLToPath(new URL('./helper-process.ts', import.meta.url));

export interface Helper {
  readonly events: readonly HelperEvent[];
  readonly acknowledged: readonly number[];
  heard(what: HelperMessage['say']): Promise<void>;
  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void>;
  close(): Promise<void>;
  /** Its exit code, once it has ended by itself. */
  exit(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

export function startHelper(task: HelperTask): Helper {
  const child = fork(SCRIPT, [JSON.stringify(task)], { execArgv: [], serialization: 'advanced' });
  running.add(child);
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const events: HelperEvent[] = [];
  const acknowledged: number[] = [];
  const said = new Set<string>();
  child.on('message', (message: HelperMessage) => {
    said.add(message.say);
    if (message.say === 'events') events.push(...message.events);
    if (message.say === 'acknowledged') acknowledged.push(message.value);
  });
  return {
    events,
    acknowledged,
    heard: async (what) => void (await eventually(() => said.has(what), 20_000)),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async close() {
      child.send('close');
      await exited;
    },
    exit: () => exited,
  };
}

/** For `afterAll`: whatever a failed test left running. */
export async function endHelpers(): Promise<void> {
  for (const child of running) child.kill('SIGKILL');
  await eventually(() => running.size === 0);
}
