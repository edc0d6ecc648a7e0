/** What is known of one user and what they would be offered, as plain data for files: by the public schema, with titles added. */
import { graphql } from 'graphql';
import { ANONYMOUS } from '../../platform/identity.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { followCatalogue } from './catalogue-view.ts';
import { Catalogue } from './domain/catalogue.ts';
import type { Weights } from './domain/scoring.ts';
import { WINDOWS } from './domain/windows.ts';
import { openProfiles } from './profiles.ts';
import { createRecommendationSubgraph } from './subgraph.ts';

const DAY_MS = 86_400_000;
/** An hour in the middle of each window, in the order of WINDOWS. */
const HOURS = [8, 14, 19, 23] as const;
const PER_WINDOW = 10;
/** Listed one by one; the rest is only counted. */
const MAX_INTERACTIONS = 1_000;

const TASTE = `{
  viewer {
    temporalPreferences {
      window avgEngagement contentCount
      preferredGenres { genre { id name } share lift confidence }
    }
  }
}`;
const SUMMARY = `{
  viewer {
    summary {
      interactionCount distinctContentCount mostActiveWindow firstSeenAt lastSeenAt
      favouriteGenres { genre { id name } share lift confidence }
      platforms { platform share }
    }
    continueWatching { content { id } progress positionMs durationMs updatedAt }
  }
}`;
const LIST = `query ($at: DateTime!, $zone: String!, $first: Int!) {
  recommendations(at: $at, timeZone: $zone, first: $first) {
    rank content { id } score similarityScore temporalBoost timeContext confidence reason
    reasons { kind text confidence genre { id } content { id } }
    parts { temporal semantic discovery weights }
  }
}`;

/** File name to content. */
export type Analysis = Readonly<Record<'temporal_analysis' | 'temporal_recommendations' | 'user_summary', object>>;

/** Null for a user nothing is known of. Takes no part in learning, so it may run beside a server. @throws AppError UNAVAILABLE */
export async function analyseUser(ports: Ports, userId: string, weights?: Weights): Promise<Analysis | null> {
  const profiles = openProfiles(ports.store);
  const profile = (await profiles.findByIds([userId])).get(userId);
  if (profile === undefined) return null;
  const subgraph = createRecommendationSubgraph(ports, { learning: null, ...(weights && { weights }) });
  const catalogue = new Catalogue();
  const reader = await followCatalogue(ports.log, catalogue, ports.logger);
  try {
    await subgraph.start();
    const ask = async (
      source: string,
      variableValues: Record<string, unknown> = {},
    ): Promise<Record<string, unknown>> => {
      const contextValue = subgraph.createContext({ ...ANONYMOUS, userId });
      const { data, errors } = await graphql({ schema: subgraph.schema, source, variableValues, contextValue });
      if (errors?.[0]) throw errors[0];
      return withTitles(data, catalogue) as Record<string, unknown>;
    };
    const zone = profile.zone ?? 'UTC';
    const now = ports.clock.now();
    const windows: Record<string, unknown> = {};
    for (const [i, window] of WINDOWS.entries()) {
      const at = `${new Date(Math.floor(now / DAY_MS) * DAY_MS).toISOString().slice(0, 10)}T${String(HOURS[i]).padStart(2, '0')}:00:00${offsetOf(zone, now)}`;
      windows[window] = (await ask(LIST, { at, zone, first: PER_WINDOW }))['recommendations'];
    }
    const about = { userId, generatedAt: new Date(now).toISOString(), timeZone: zone };
    const { temporalPreferences } = (await ask(TASTE))['viewer'] as Record<string, unknown>;
    const { summary, continueWatching } = (await ask(SUMMARY))['viewer'] as Record<string, unknown>;
    const interactions = await latestInteractions(profiles, userId, catalogue);
    return {
      temporal_analysis: { ...about, windows: temporalPreferences },
      temporal_recommendations: { ...about, windows },
      user_summary: { ...about, summary, continueWatching, interactions },
    };
  } finally {
    await subgraph.stop();
    await reader.close();
  }
}

/** `+05:30` as it is now; `at` is then in the window meant, to the hour. */
function offsetOf(zone: string, at: number): string {
  if (/^[+-]\d\d:\d\d$/.test(zone)) return zone;
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value.slice(3) ?? '';
  return name === '' ? 'Z' : name;
}

async function latestInteractions(
  profiles: ReturnType<typeof openProfiles>,
  userId: string,
  catalogue: Catalogue,
): Promise<object[]> {
  let latest: (Record<string, unknown> & { readonly at: number })[] = [];
  for await (const { _id, partition, offset, userId: _, at, ...rest } of profiles.interactionsOf(userId)) {
    const title = rest.title ?? catalogue.find(rest.contentId ?? '')?.title ?? null;
    latest.push({ ...rest, title, at });
    if (latest.length < 2 * MAX_INTERACTIONS) continue;
    latest = latest.sort((a, b) => b.at - a.at).slice(0, MAX_INTERACTIONS);
  }
  return latest
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_INTERACTIONS)
    .map((interaction) => ({ ...interaction, at: new Date(interaction.at).toISOString() }));
}

/** A copy in which every `content { id }` has its title too. */
function withTitles(value: unknown, catalogue: Catalogue): unknown {
  if (Array.isArray(value)) return value.map((item) => withTitles(item, catalogue));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => {
      const id = field === 'content' ? (inner as { id?: string } | null)?.id : undefined;
      if (id === undefined) return [field, withTitles(inner, catalogue)];
      const work = catalogue.find(id);
      return [field, { id, title: work?.title ?? null, genres: work?.genres ?? [] }];
    }),
  );
}
