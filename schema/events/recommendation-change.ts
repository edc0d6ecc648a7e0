/** `recommendation_changes`: a user's list would look different now. Key: user id. */
export interface RecommendationChange {
  readonly userId: string;
  /** Ms since the epoch. */
  readonly at: number;
  /** Interactions learned from so far. */
  readonly interactionCount: number;
}
