/** The analysis of one user as data, and the command that writes it into files. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openPorts } from '../../../platform/adapters/open.ts';
import { loadConfig } from '../../../platform/config.ts';
import { analyseUser } from '../../../subgraphs/recommendation/analysis.ts';
import { createRecommendationSubgraph } from '../../../subgraphs/recommendation/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { startProcess } from '../../support/processes.ts';
import { added, someWorks } from './works.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyse-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const WINDOWS = ['MORNING', 'AFTERNOON', 'EVENING', 'NIGHT'];

/** A user who watches comedy over breakfast, learned and at rest. */
async function someoneLearned(): Promise<void> {
  const ports = await openPorts(loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent' }), 'test');
  await ports.log.publish('content_changes', someWorks(['comedy', 'crime'], 15).map(added));
  const subgraph = createRecommendationSubgraph(ports);
  await subgraph.start();
  const events = Array.from({ length: 10 }, (_, i) => ({
    user_id: 'ada',
    event_type: 'watch',
    content_id: `comedy-${i}`,
    timestamp: new Date(Date.now() - (i + 2) * 86_400_000).toISOString().replace(/T.*/, 'T08:00:00+02:00'),
    watchProgress: i === 0 ? 0.4 : 1,
  }));
  await ports.log.publish(
    'user_events',
    events.map((event) => ({ key: 'ada', value: JSON.stringify(event) })),
  );
  await eventually(async () => {
    const progress = await ports.log.progress('recommendation.learn', 'user_events');
    return progress.every(({ committed, end }) => committed >= end);
  });
  await subgraph.stop();
  await ports.close();
}

test('has the windows, a list for each of them, and what was learned from', async () => {
  await someoneLearned();
  const ports = await openPorts(loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent' }), 'test');
  const analysis = await analyseUser(ports, 'ada');
  const nobody = await analyseUser(ports, 'nobody');
  await ports.close();
  expect(nobody).toBeNull();
  if (analysis === null) throw new Error('there is an analysis');
  expect(analysis.temporal_analysis).toMatchObject({
    userId: 'ada',
    timeZone: '+02:00',
    windows: [{ window: 'MORNING', contentCount: 10, preferredGenres: [{ genre: { id: 'comedy' } }] }, {}, {}, {}],
  });
  const { windows } = analysis.temporal_recommendations as {
    windows: Record<string, { timeContext: string; content: { title: string | null } }[]>;
  };
  expect(Object.keys(windows)).toEqual(WINDOWS);
  for (const [window, items] of Object.entries(windows)) {
    expect(items).toHaveLength(10);
    expect(new Set(items.map(({ timeContext }) => timeContext))).toEqual(new Set([window]));
    expect(items.every(({ content }) => typeof content.title === 'string')).toBe(true);
  }
  const { interactions, ...summary } = analysis.user_summary as { interactions: object[] };
  expect(interactions).toHaveLength(10);
  expect(interactions[0]).toMatchObject({ contentId: 'comedy-0', title: 'comedy number 0', type: 'watch' });
  expect(summary).toMatchObject({
    summary: { interactionCount: 10, distinctContentCount: 10, mostActiveWindow: 'MORNING' },
    continueWatching: [{ content: { id: 'comedy-0', title: 'comedy number 0' }, progress: 0.4 }],
  });
}, 30_000);

test('the command writes three files, and says whom it does not know', async () => {
  await someoneLearned();
  const out = join(folder, 'out');
  const env = { DATA_DIR: folder, LOG_LEVEL: 'silent' };
  const command = ['node', 'subgraphs/recommendation/analyse.ts', '--user'];
  expect(await startProcess([...command, 'ada', '--out', out], env).exit).toBe(0);
  const files = ['temporal_analysis.json', 'temporal_recommendations.json', 'user_summary.json'];
  expect((await readdir(out)).sort()).toEqual(files);
  for (const file of files) {
    expect(JSON.parse(await readFile(join(out, file), 'utf8'))).toMatchObject({ userId: 'ada' });
  }
  const unknown = startProcess([...command, 'nobody'], env);
  expect(await unknown.exit).toBe(1);
  expect(unknown.output()).toContain('Nothing is known of user "nobody".');
}, 60_000);
