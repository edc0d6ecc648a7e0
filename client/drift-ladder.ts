/**
 * What to do about a player that is not where the room is: nothing below 25 ms, a slightly different speed up to 600 ms, one
 * seek above, and then none for 10 s. Pure. Nobody hears a film at 1.05; a seek everybody sees, and each may cause the next.
 */

export interface DriftLimits {
  /** Correction begins here … */
  readonly beginMs: number;
  /** … and ends here, so that it does not begin again at once. */
  readonly endMs: number;
  /** Above this, a seek. */
  readonly seekMs: number;
  readonly seekCooldownMs: number;
  /** Largest change of speed, as a share. Media3's own is 0.03. */
  readonly maxRateChange: number;
  /** Share of the drift that goes per second. */
  readonly gainPerSecond: number;
}

export const DRIFT_LIMITS: DriftLimits = {
  beginMs: 25,
  endMs: 6,
  seekMs: 600,
  seekCooldownMs: 10_000,
  maxRateChange: 0.05,
  gainPerSecond: 0.5,
};

export interface DriftState {
  /** Smoothed: players do not know their own position to the millisecond. Positive: ahead of the room. */
  readonly driftMs: number | null;
  /** Any steady clock, ms. */
  readonly measuredAt: number;
  /** What the speed is multiplied by; 1 is no correction. */
  readonly factor: number;
  readonly noSeekBefore: number;
}

export const NO_DRIFT: DriftState = { driftMs: null, measuredAt: 0, factor: 1, noSeekBefore: Number.NEGATIVE_INFINITY };

/** Weight of a new measurement against what the last ones and the speed since then foretell. */
const TRUST = 0.3;
/** A measurement this far from what was foretold is no noise: the player jumped or stood still. */
const JUMP_MS = 80;

/** @returns the next state, and whether to seek now; its `factor` is the speed to play at, relative to the room's. */
export function correctDrift(
  state: DriftState,
  measured: { readonly driftMs: number; readonly at: number; readonly inAd: boolean },
  limits: DriftLimits = DRIFT_LIMITS,
): { readonly state: DriftState; readonly seek: boolean } {
  const { at } = measured;
  // The platform owns the timeline during its advertisement; what was known is stale after it.
  if (measured.inAd || !Number.isFinite(measured.driftMs)) {
    return { state: { ...state, driftMs: null, measuredAt: at, factor: 1 }, seek: false };
  }
  const driftMs = smoothed(state, measured.driftMs, at);
  const sizeMs = Math.abs(driftMs);
  if (sizeMs > limits.seekMs && at >= state.noSeekBefore) {
    const noSeekBefore = at + limits.seekCooldownMs;
    return { state: { driftMs: null, measuredAt: at, factor: 1, noSeekBefore }, seek: true };
  }
  const correcting = sizeMs >= (state.factor === 1 ? limits.beginMs : limits.endMs);
  const wanted = (-driftMs / 1_000) * limits.gainPerSecond;
  const change = Math.min(limits.maxRateChange, Math.max(-limits.maxRateChange, wanted));
  return { state: { ...state, driftMs, measuredAt: at, factor: correcting ? 1 + change : 1 }, seek: false };
}

function smoothed({ driftMs, factor, measuredAt }: DriftState, measuredMs: number, at: number): number {
  if (driftMs === null) return measuredMs;
  const foretold = driftMs + (factor - 1) * (at - measuredAt);
  const surprise = measuredMs - foretold;
  return Math.abs(surprise) > JUMP_MS ? measuredMs : foretold + TRUST * surprise;
}
