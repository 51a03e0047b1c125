import type { Reporter, TestModule } from 'vitest/node'

/** Ends a test run with one plain line, "N passed, N failed, N skipped", for whatever reads the output. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state !== 'pending') count[state] += 1
      }
      // A file that could not even be loaded has no tests to count.
      if (module.state() === 'failed' && module.children.size === 0) count.failed += 1
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
}
