/** Which connector reads which file: a new platform is one file beside this one, and one line here. */
import type { PlatformName } from '../../../schema/events/content-sync.ts';
import type { Connector } from './connector.ts';
import { fixturesJson } from './fixtures-json.ts';
import { hotstar } from './hotstar.ts';
import { netflix } from './netflix.ts';
import { primeVideo } from './prime-video.ts';

const CSV_CONNECTORS: Readonly<Record<PlatformName, Connector>> = {
  netflix,
  prime_video: primeVideo,
  hotstar,
};

/** The connector for a platform's file: by its name's end JSON as the fixtures have it, else the platform's CSV. */
export function connectorFor(platform: PlatformName, path: string): Connector {
  return path.toLowerCase().endsWith('.json') ? fixturesJson(platform) : CSV_CONNECTORS[platform];
}
