/** Which real services a test run has been given, and what to say where one is missing. */
import { describe, expect, test } from '@jest/globals';

export interface RealServices {
  /** `host:port`, comma-separated: a real Kafka broker. */
  readonly KAFKA_BROKERS: string;
  /** A MongoDB-wire server. */
  readonly MONGODB_URL: string;
  /** Folder with the scripts that start, kill and restart such services (`up`, `restart-kafka`, …). */
  readonly SERVICES_DIR: string;
  /** Folder with the public catalogues of the three platforms, as CSV. */
  readonly CATALOGUE_DIR: string;
}

/**
 * Runs a suite against real services. Where a variable is not set the suite is skipped and says why; with CI=true that is a
 * failure, so that a green CI has really run it.
 */
export function describeReal<K extends keyof RealServices>(
  name: string,
  needs: readonly K[],
  suite: (services: Pick<RealServices, K>) => void,
): void {
  const missing = needs.filter((need) => !process.env[need]);
  if (missing.length === 0) {
    describe(name, () => suite(Object.fromEntries(needs.map((need) => [need, process.env[need]])) as never));
  } else if (process.env.CI === 'true') {
    test(`${name} has its services`, () => expect(`${missing.join(', ')} not set`).toBe('all set'));
  } else {
    skipAloud(name, `${missing.join(', ')} not set`);
  }
}

/** Skips a suite for a reason, which skip-reporter.js prints. */
export function skipAloud(name: string, why: string): void {
  describe.skip(`${name} (skipped: ${why})`, () => test('needs what is missing', () => undefined));
}
