/**
 * How long a login name waits after its n-th failure in a row, in seconds: three slips are free, then it doubles up to
 * a minute. A minute caps guessing at 1,440 a day, and an attacker who fails on purpose cannot lock anyone out for
 * longer than that.
 */
export const SIGN_IN_DELAYS_SECONDS: readonly number[] = [0, 0, 0, 1, 2, 4, 8, 16, 32, 60];

/** The owner of a name is told of so many wrong passwords in a row, once; three may be slips of their own. */
export const GUESSES_TOLD_AT = 5;

/** Failures older than this are forgotten. */
export const SIGN_IN_MEMORY_SECONDS = 24 * 60 * 60;

/**
 * The same for codes of a second factor, by person. Whoever guesses these has the password already, and of a million
 * codes three are good at a time, so the fifth failure in a row costs a minute, doubling up to an hour: some 30 guesses
 * a day. A passkey is no guess and is never held up.
 */
export const CODE_DELAYS_SECONDS: readonly number[] = [0, 0, 0, 0, 60, 120, 240, 480, 960, 1_920, 3_600];
