/** A problem that the person who started the program can mend: its message is the one line they see. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
}
