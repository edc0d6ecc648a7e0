/** Who an operation is for, once the gateway has verified it. Subgraphs trust nothing else. */

export interface Identity {
  /** The token's `sub`; null: nobody signed in, or an audience. */
  readonly userId: string | null;
  readonly scopes: readonly string[];
  /**
   * Set when an event is resolved once for everybody who may see one stream: `<topic>:<key>`, such as
   * `social_rooms:r_123`. It opens what every member of that audience may read, and nothing of any one viewer's.
   */
  readonly audience: string | null;
}

export const ANONYMOUS: Identity = Object.freeze({ userId: null, scopes: Object.freeze([]), audience: null });
