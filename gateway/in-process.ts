/** The three subgraphs in the gateway's own process, and the demo household for an empty system. Used by main.ts only. */
import { seedFixtures } from '../fixtures/seed.ts';
import type { Config } from '../platform/config.ts';
import type { Ports, Subgraph } from '../platform/subgraph.ts';
import { CONTENT_SYNC, USER_EVENTS } from '../schema/events/topics.ts';
import { createContentSubgraph } from '../subgraphs/content/subgraph.ts';
import { learningThreads } from '../subgraphs/recommendation/learning-threads.ts';
import { openModels } from '../subgraphs/recommendation/models/open-models.ts';
import { createRecommendationSubgraph } from '../subgraphs/recommendation/subgraph.ts';
import { createRoomSubgraph } from '../subgraphs/room/subgraph.ts';
import { InProcessDataSource } from './data-sources.ts';

export interface RunningSubgraphs {
  readonly sources: Readonly<Record<string, InProcessDataSource>>;
  stop(): Promise<void>;
}

/** `recommendation`: its configuration, and what its threads are configured by; default: the usual weights, learning in this thread. */
export async function startSubgraphs(
  ports: Ports,
  recommendation?: { readonly config: Config['recommendation']; readonly env: NodeJS.ProcessEnv },
): Promise<RunningSubgraphs> {
  const options = recommendation && {
    ...(await openModels(recommendation.config, ports)),
    learning: learningThreads(recommendation.config.learningThreads, recommendation.env),
  };
  const subgraphs: readonly Subgraph[] = [
    createContentSubgraph(ports),
    createRecommendationSubgraph(ports, options),
    createRoomSubgraph(ports),
  ];
  const stop = async () => {
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  };
  try {
    await Promise.all(subgraphs.map((subgraph) => subgraph.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    sources: Object.fromEntries(subgraphs.map((each) => [each.name, new InProcessDataSource(each, ports.logger)])),
    stop,
  };
}

/** How long a first start waits for the household to be learned; it goes on in the background after that. */
const SEED_WAIT_MS = 20_000;

/** Seeds once, and waits until the catalogue and the profiles have taken it in. */
export async function seedDemo(ports: Ports, say: (line: string) => void): Promise<void> {
  const { seeded, works, interactions } = await seedFixtures(ports);
  if (!seeded) return;
  say(`First start: putting in a demo household, ${works} titles and ${interactions} interactions …`);
  const deadline = ports.clock.now() + SEED_WAIT_MS;
  const groups = [
    ['content.sync', CONTENT_SYNC.name],
    ['recommendation.learn', USER_EVENTS.name],
  ] as const;
  for (const [group, topic] of groups) {
    while ((await lag(ports, group, topic)) > 0 && ports.clock.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function lag(ports: Ports, group: string, topic: string): Promise<number> {
  const progress = await ports.log.progress(group, topic);
  return progress.reduce((sum, { committed, end }) => sum + (end - committed), 0);
}
