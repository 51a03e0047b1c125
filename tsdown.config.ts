import { defineConfig } from 'tsdown'

export default defineConfig({
  // The worker is started by its file name, next to the chunk that starts it.
  entry: { cli: 'src/cli.ts', main: 'src/main.ts', worker: 'src/node/worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  outDir: 'dist',
  fixedExtension: false,
  clean: true,
  dts: false,
  sourcemap: true,
})
