/**
 * How long a wait goes on before it fails and shows what there was instead, in ms. Only what fails gets there: it is
 * many times what anything takes on a machine that has other work, and less than the time of a test (vitest.config.ts),
 * which would show nothing.
 */
export const PATIENCE_MS = 45_000
