/** Invite codes: 8 characters of Crockford's base 32 (no I, L, O, U), so that they can be read out and typed with a remote. Pure. */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

/** Bytes that a code is made of: each gives 5 bits. */
export const CODE_BYTES = LENGTH;

/** A code from random bytes; 40 bits, no bias: 256 is a multiple of 32. */
export const codeFromBytes = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** The code as it is kept, from what a person typed; null where it cannot be one. Reads O as 0, I and L as 1. */
export function parseCode(typed: string): string | null {
  if (typed.length > 64) return null;
  const code = typed.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  return code.length === LENGTH && [...code].every((char) => ALPHABET.includes(char)) ? code : null;
}
