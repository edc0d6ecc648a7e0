/** Which connector reads which platform's files: a new platform is one file beside this one, and one line here. */
import type { PlatformName } from '../../../schema/events/content-sync.ts';
import type { Connector } from './connector.ts';
import { fixturesJson } from './fixtures-json.ts';
import { hotstar } from './hotstar.ts';
import { netflix } from './netflix.ts';
import { primeVideo } from './prime-video.ts';

/** The platforms' CSV connectors. */
export const CONNECTORS = {
  netflix,
  prime_video: primeVideo,
  hotstar,
} as const satisfies Readonly<Record<PlatformName, Connector>>;

/** The connector for a platform's file: by its name's end JSON as the fixtures have it, else one of the platform's CSV forms. */
export function connectorFor(platform: PlatformName, path: string): Connector {
  return path.toLowerCase().endsWith('.json') ? fixturesJson(platform) : CONNECTORS[platform];
}
