/** GraphQL over HTTP, as the specification's own audits (graphql-http) see the gateway in its development profile. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { skipAloud } from '../support/real-services.ts';
import { EdgeSystem } from './edge-system.ts';

interface Audit {
  readonly id: string;
  readonly name: string;
  fn(): Promise<{ readonly status: 'ok' | 'notice' | 'warn' | 'error'; readonly reason?: string }>;
}
interface Audits {
  serverAudits(options: { readonly url: () => string; readonly fetchFn: typeof fetch }): readonly Audit[];
}

let system: EdgeSystem;
const audits = await import('graphql-http' as string).then(
  ({ serverAudits }: Audits) => serverAudits({ url: () => system.url, fetchFn: fetch }),
  () => [],
);

if (audits.length > 0 || process.env.CI === 'true') {
  beforeAll(async () => {
    system = await EdgeSystem.start({ introspection: true });
  });
  afterAll(() => system.stop());

  test('every audit passes, or is told as a notice or a warning: no error', async () => {
    expect(audits.length).toBeGreaterThan(50);
    const errors: string[] = [];
    const counts: Record<string, number> = {};
    for (const { id, name, fn } of audits) {
      const { status, reason } = await fn();
      counts[status] = (counts[status] ?? 0) + 1;
      if (status === 'error') errors.push(`${id} ${name}: ${reason}`);
    }
    expect(errors).toEqual([]);
    expect(counts['ok']).toBeGreaterThan(audits.length * 0.8);
  });
} else {
  skipAloud('GraphQL over HTTP', 'the package graphql-http is not installed');
}
