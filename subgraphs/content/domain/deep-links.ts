/** Links that open a title in its platform's player. Which ids are real ones is known here and nowhere else. Pure. */
import type { PlatformName } from '../../../schema/events/content-sync.ts';

export interface DeepLink {
  readonly web: string;
  /** Android intent URI (developer.chrome.com/docs/android/intents): app first, browser where the app is missing. */
  readonly fireTv: string;
}

interface Player {
  /** Android package on Fire TV. */
  readonly package: string;
  /** Null: the id is not one that the player can open, as the row numbers (`s42`) of the public dumps. */
  title(id: string): string | null;
  search(title: string): string;
}

const PLAYERS: Readonly<Record<PlatformName, Player>> = {
  netflix: {
    package: 'com.netflix.ninja',
    title: (id) => (/^\d+$/.test(id) ? `https://www.netflix.com/title/${id}` : null),
    search: (title) => `https://www.netflix.com/search?q=${encodeURIComponent(title)}`,
  },
  prime_video: {
    package: 'com.amazon.firebat',
    title: (id) => (/^[A-Z0-9]{10,26}$/.test(id) ? `https://www.primevideo.com/detail/${id}` : null),
    search: (title) => `https://www.primevideo.com/search?phrase=${encodeURIComponent(title)}`,
  },
  hotstar: {
    package: 'in.startv.hotstar',
    title: (id) => (/^\d+$/.test(id) ? `https://www.hotstar.com/${id}` : null),
    search: (title) => `https://www.hotstar.com/in/explore?search_query=${encodeURIComponent(title)}`,
  },
};

/**
 * Whether an id stays with its title for ever. The row numbers of the public dumps are given out anew in every snapshot; real
 * platform ids and those of JustWatch are not.
 */
export const isStableId = (platformId: string): boolean => !/^s\d+$/.test(platformId);

/** The title's page where the id is a real one, else the platform's search for the title. */
export function deepLinkOf(platform: PlatformName, platformId: string, title: string): DeepLink {
  const player = PLAYERS[platform];
  const web = player.title(platformId) ?? player.search(title);
  const intent = [
    `intent://${web.slice('https://'.length)}#Intent`,
    'scheme=https',
    'action=android.intent.action.VIEW',
    `package=${player.package}`,
    `S.browser_fallback_url=${encodeURIComponent(web)}`,
    'end',
  ];
  return { web, fireTv: intent.join(';') };
}
