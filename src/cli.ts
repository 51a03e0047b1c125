#!/usr/bin/env node
/*
 * The program's door, and the only place that ends the process. It imports nothing before it knows that this Node can
 * load the rest, and it is written so that older ones can read it.
 */
var major = Number(process.versions.node.split('.')[0])

if (major < 22) {
  process.stderr.write(
    'p2p-tui needs Node.js 22 or newer, and this is ' +
      process.versions.node +
      '. This works: npx -p node@24 -p p2p-tui p2p-tui\n',
  )
  process.exitCode = 2
} else {
  import('./compile-cache.ts')
    .then(cache => cache.keepCompiled())
    // Without it everything is compiled as ever.
    .catch(() => {})
    .then(() => import('./main.ts'))
    .then(program => program.main(process.argv.slice(2)))
    .catch(error => {
      // Not even the program could be read: nothing of it is there to say so.
      if (error && error.code === 'EMFILE') {
        process.stderr.write('p2p-tui: Too few file descriptors. Restart with ulimit -n 1024 or higher\n')
        return 1
      }
      const text = String(error instanceof Error ? error.stack : error)
      // What an error says may come from anywhere; no terminal is to obey it.
      process.stderr.write(`${text.replace(/[^\P{Cc}\n]/gu, '\uFFFD')}\n`)
      return 1
    })
    .then(exitCode => {
      // A stopped node's library keeps a timer for another second: nothing is left to wait for but the output.
      const streams = [process.stdout, process.stderr].filter(stream => !stream.destroyed)
      const written = streams.map(stream => new Promise(resolve => stream.write('', resolve)))
      // Who was told to go does not wait for a reader that may have stopped reading.
      const patience = exitCode > 128 ? [new Promise(resolve => setTimeout(resolve, 50))] : []
      return Promise.race([Promise.all(written), ...patience]).then(() => process.exit(exitCode))
    })
}
