/** What `/metrics` says of learning, as Prometheus reads it. */
import { expect, test } from '@jest/globals';
import { register } from 'prom-client';
import { USER_EVENTS } from '../../../schema/events/topics.ts';
import { lag, observeLag } from '../../../subgraphs/recommendation/learning-metrics.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts } from '../../support/ports.ts';

const GROUP = 'recommendation.learn';

test('events that nobody has learned from are the lag', async () => {
  const ports = await openTestPorts();
  const events = Array.from({ length: 7 }, (_, i) => ({ key: `user-${i}`, value: '{}' }));
  await ports.log.publish(USER_EVENTS.name, events);
  lag.set(-1);
  const behind = observeLag(ports.log, GROUP);
  await eventually(async () => (await lag.get()).values[0]?.value === 7);
  await behind.close();
  const page = await register.metrics();
  for (const name of ['learned_total', 'repeated_total', 'refused_total', 'lag']) {
    expect(page).toContain(`# TYPE user_events_${name}`);
  }
  const reader = await ports.log.consume({ topic: USER_EVENTS.name, group: GROUP }, async () => undefined);
  await eventually(async () => (await ports.log.progress(GROUP, USER_EVENTS.name)).every((p) => p.committed >= p.end));
  const caughtUp = observeLag(ports.log, GROUP);
  await eventually(async () => (await lag.get()).values[0]?.value === 0);
  await caughtUp.close();
  await reader.close();
  await ports.close();
});
