/**
 * What the library needs of a video player, in the words of HTMLMediaElement: a TV app implements this over its own (Media3,
 * a <video> element, a platform's SDK). Positions are canonical content time in ms, advertisements left out.
 */

export type PlayerEvent =
  /** Frames move: after play(), and again after a stall. */
  | 'playing'
  /** It stands still, because of pause() or of its user. */
  | 'pause'
  /** It ran out of data while playing. */
  | 'waiting'
  /** A seek has landed and can be played from. */
  | 'seeked'
  /** What load() asked for can be played from. */
  | 'canplay'
  /** The platform shows an advertisement, or has stopped doing so. */
  | 'adstart'
  | 'adend'
  | 'ended';

export interface Player {
  /** Opens a title, standing still at `positionMs`; `canplay` follows. */
  load(contentId: string, positionMs: number): void;
  /** Where it is now, as exactly as the platform tells. */
  readonly positionMs: number;
  /** How long the title is, ms; null while that is not known. */
  readonly durationMs: number | null;
  /** `playing` follows as soon as frames move; the library learns how long that takes and calls early. */
  play(): void;
  pause(): void;
  /** `seeked` follows; need not be exact. */
  seek(positionMs: number): void;
  /** 1 is normal. Pitch should be kept. Never called during an advertisement. */
  setPlaybackRate(rate: number): void;
  /** @returns how to stop listening */
  listen(listener: (event: PlayerEvent) => void): () => void;
}
