/** What a room is called. */
import { createHash } from 'node:crypto';

/** The room's id follows from its first command, so that creating twice cannot make two rooms. 120 bits. */
export const roomIdOf = (userId: string, commandId: string): string =>
  `r_${createHash('sha256')
    .update(JSON.stringify([userId, commandId]))
    .digest('base64url')
    .slice(0, 20)}`;
