/** Every error code a client can see, in one table. Anything that is not an AppError is logged in full and masked. */

export const ERRORS = {
  BAD_USER_INPUT: { about: 'The request has a value that cannot be used.', retryable: false },
  UNAUTHENTICATED: { about: 'Sign in first.', retryable: false },
  FORBIDDEN: { about: 'You may not do this.', retryable: false },
  NOT_FOUND: { about: 'There is no such thing, or it is not yours to see.', retryable: false },
  POSITION_OUT_OF_RANGE: { about: 'The position lies outside the content.', retryable: false },
  VERSION_CONFLICT: { about: 'Someone else changed it first.', retryable: true },
  CURSOR_INVALID: { about: 'The cursor is not one of ours.', retryable: false },
  REVISION_FROM_THE_FUTURE: { about: 'That revision has not happened yet.', retryable: false },
  TOO_MANY: { about: 'A limit was reached.', retryable: true },
  OPERATION_TOO_LARGE: { about: 'The operation asks for too much at once.', retryable: false },
  OPERATION_NOT_TRUSTED: { about: 'Only the operations of the app are answered.', retryable: false },
  OVERLOADED: { about: 'More is asked than can be answered now.', retryable: true },
  SLOW_CONSUMER: { about: 'The client reads more slowly than events arrive.', retryable: true },
  EVENT_TOO_LARGE: { about: 'The event is larger than the log takes.', retryable: false },
  EVENT_INVALID: { about: 'The event is not of its published shape.', retryable: false },
  UNAVAILABLE: { about: 'A service behind this one does not answer.', retryable: true },
  INTERNAL_SERVER_ERROR: { about: 'Something broke on our side.', retryable: true },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** A foreseen failure. Its message is the code's sentence and the detail, written for the person who reads it. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(`${ERRORS[code].about} ${detail}`, options);
    this.code = code;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
