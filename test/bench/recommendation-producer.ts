/** Puts so many events a second on the log, until it is told to stop: a process of its own, as producers are. */
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { events, take } from './recommendation-events.ts';
import { USERS, WORKS, withPorts } from './recommendation-figures.ts';

const PERIOD_MS = 20;
const perSecond = Number(process.env.EVENTS_PER_SECOND);

await withPorts(process.env as Record<string, string>, async ({ log }) => {
  const stopped = new Promise((resolve) => process.once('SIGTERM', resolve));
  const stream = events(USERS, WORKS, 100_000, 11);
  const started = performance.now();
  let sent = 0;
  let publishing = Promise.resolve();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1_000) * perSecond) - sent;
    sent += due;
    if (due > 0) publishing = publishing.then(() => log.publish(USER_EVENTS.name, take(stream, due)));
  }, PERIOD_MS);
  await stopped;
  clearInterval(timer);
  await publishing;
});
