import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build.ts'],
    reporters: ['default', './scripts/plain-summary.ts'],
    // No test leaves anything behind in its process, and loading everything anew for each file takes a third of the time.
    isolate: false,
    // Two cores: more workers than that only make real sockets and terminals wait for each other.
    maxWorkers: 2,
    // Only what fails gets there: nothing of it is a measure, and a busy machine takes many times as long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
