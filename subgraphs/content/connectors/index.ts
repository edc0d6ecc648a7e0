/** Which connector reads which platform's files. */
import type { PlatformName } from '../../../schema/events/content-sync.ts';
import type { Connector } from './connector.ts';
import { fixturesJson } from './fixtures-json.ts';
import * as platforms from './platforms.ts';

export const CONNECTORS: Readonly<Record<PlatformName, Connector>> = platforms;

/** The connector for a platform's file: by its name's end JSON as the fixtures have it, else one of the platform's CSV forms. */
export function connectorFor(platform: PlatformName, path: string): Connector {
  return path.toLowerCase().endsWith('.json') ? fixturesJson(platform) : CONNECTORS[platform];
}
