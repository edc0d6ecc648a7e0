/** The product as it faces the internet: three subgraphs behind the gateway in its production profile, on empty ports. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { seedFixtures } from '../../fixtures/seed.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { startSubgraphs } from '../../gateway/in-process.ts';
import { systemClock } from '../../platform/ports/clock.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';
import { SECRET } from '../gateway/edge-system.ts';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { openTestPorts } from '../support/ports.ts';
import { ROOT } from '../support/processes.ts';

export interface RealSystem {
  readonly url: string;
  readonly api: Api;
  /** Lines logged as errors: the unforeseen. */
  readonly logged: string[];
  stop(): Promise<void>;
}

export async function startRealSystem({ introspection = false } = {}): Promise<RealSystem> {
  const logged: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
  const opened = await openTestPorts();
  const ports = { ...opened, logger, clock: systemClock };
  await seedFixtures(ports);
  const subgraphs = await startSubgraphs(ports);
  const gateway = await createGateway({
    supergraphSdl: readFileSync(join(ROOT, 'schema/supergraph.graphql'), 'utf8'),
    sources: subgraphs.sources,
    log: ports.log,
    logger,
    verifyToken: createTokenVerifier({ kind: 'secret', secret: SECRET }),
    introspection,
    explorer: null,
  });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
  const api = new Api(url);
  await eventually(
    async () => (await api.ask(null, '{ catalogue(first: 1) { totalCount } }')).data?.catalogue?.totalCount > 100,
    60_000,
  );
  return {
    url,
    api,
    logged,
    async stop() {
      await api.close();
      await gateway.stop();
      await subgraphs.stop();
      await opened.close();
    },
  };
}
