/**
 * Words for a reason that has been found, and moods of a title: by template, which is the rule, or by a language model. Whoever
 * implements this never fails, and never holds a page up for longer than its time-out. Only titles and genres go in.
 */
export interface TitleFacts {
  readonly title: string;
  /** Names, not ids. */
  readonly genres: readonly string[];
}

export interface ReasonRequest {
  readonly recommended: TitleFacts;
  /** The watched title that led to it; null: its genres did. */
  readonly because: TitleFacts | null;
  /** What is said where no better words are had: true as it stands. */
  readonly template: string;
}

export interface ReasonWriter {
  reason(request: ReasonRequest): Promise<string>;
  /** At most five words in lower case; empty where nothing is known. */
  moodTags(title: TitleFacts): Promise<readonly string[]>;
}

/** The default: asks nobody. */
export const templateWriter: ReasonWriter = {
  reason: async ({ template }) => template,
  moodTags: async () => [],
};
