/**
 * Milliseconds that a test waits for one thing. Only what never comes takes that long, so the limit suits a machine that
 * is busy many times over. It is below Mocha's timeout, so that the failure says what did not come.
 */
export const PATIENCE = 180_000
