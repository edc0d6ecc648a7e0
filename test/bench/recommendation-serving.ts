/**
 * A page of recommendations through the gateway while events come in and are learned: the gateway and the subgraph that
 * learns in one process with the embedded log and store, who asks in this one, who produces in a third. PROFILE_DIR: where the
 * server leaves a CPU profile.
 */
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { startProcess } from '../support/processes.ts';
import { random } from './recommendation-events.ts';
import {
  learnedAll,
  publishEvents,
  publishWorks,
  quantiles,
  say,
  USERS,
  WORKS,
  whole,
  withFolder,
  withPorts,
} from './recommendation-figures.ts';

const PAGE = '{ recommendations(first: 20) { rank score reason confidence content { id } } }';
const EVENTS_PER_SECOND = 5_000;
const LEARNED_BEFORE = 20_000;
const SECONDS = 12;
const { PROFILE_DIR = '' } = process.env;

async function ask(api: Api, query: string, seconds: number): Promise<number[]> {
  const next = random(3);
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const userId = `user-${Math.floor(next() * USERS)}`;
    const start = performance.now();
    const { data, errors } = await api.ask(userId, query);
    times.push(performance.now() - start);
    if (errors || (query === PAGE && data.recommendations.length !== 20)) throw new Error(JSON.stringify(errors));
  }
  return times;
}

await withFolder(async (DATA_DIR) => {
  await withPorts({ DATA_DIR }, async (ports) => {
    await publishWorks(ports, WORKS);
    await publishEvents(ports, LEARNED_BEFORE, WORKS);
    const profiling = PROFILE_DIR ? ['--cpu-prof', `--cpu-prof-dir=${PROFILE_DIR}`] : [];
    const server = startProcess(['node', ...profiling, 'test/bench/recommendation-server.ts'], { DATA_DIR });
    await server.saw(/port \d+/, 60_000);
    const api = new Api(`http://127.0.0.1:${/port (\d+)/.exec(server.output())?.[1]}/graphql`);
    await learnedAll(ports);
    await ask(api, PAGE, 2);
    const path = `gateway over HTTP, ${whole(WORKS)} works, recommendations(first: 20)`;
    say(`${path}, at rest`, quantiles(await ask(api, PAGE, 5)));
    const producer = startProcess(['node', 'test/bench/recommendation-producer.ts'], {
      DATA_DIR,
      USERS: String(USERS),
      EVENTS_PER_SECOND: String(EVENTS_PER_SECOND),
    });
    const published = async (): Promise<number> => {
      const progress = await ports.log.progress('recommendation.learn', 'user_events');
      return progress.reduce((sum, { end }) => sum + end, 0);
    };
    const before = await published();
    await eventually(async () => (await published()) > before, 30_000);
    const [first, began] = [await published(), performance.now()];
    const busy = await ask(api, PAGE, SECONDS);
    const perSecond = ((await published()) - first) / ((performance.now() - began) / 1_000);
    say(`  the same while ${whole(perSecond)} events/s come in and are learned`, quantiles(busy));
    say('  simplest: { __typename } meanwhile', quantiles(await ask(api, '{ __typename }', 4)));
    await producer.stop();
    const ended = performance.now();
    await learnedAll(ports);
    say('  what was still to be learned at the end took', `${((performance.now() - ended) / 1_000).toFixed(1)} s`);
    await api.close();
    await server.stop();
  });
});
