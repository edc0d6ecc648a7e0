/** Reads of one request, batched. One set per request: its cache must never outlive the request or cross users. */
import DataLoader from 'dataloader';
import { emptyProfile, type Profile } from './domain/profile.ts';
import type { Profiles } from './profiles.ts';

export interface Loaders {
  /** An empty profile for a user nothing is known of. */
  readonly profile: DataLoader<string, Profile>;
}

export const createLoaders = (profiles: Pick<Profiles, 'findByIds'>): Loaders => ({
  profile: new DataLoader<string, Profile>(async (userIds) => {
    const found = await profiles.findByIds(userIds);
    return userIds.map((userId) => found.get(userId) ?? emptyProfile());
  }),
});
