import { defineConfig } from 'tsdown'
import { emojiWhenMet } from './scripts/build/emoji-when-met.ts'
import { rememberedTexts } from './scripts/build/remembered-texts.ts'
import { thirdPartyNotices } from './scripts/build/third-party-notices.ts'
import { withoutDevtools } from './scripts/build/without-devtools.ts'
import { yogaWithoutFetch } from './scripts/build/yoga-without-fetch.ts'

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
  // Everything is bundled but machine code: to find and read 600 files takes longer than to run what is in them.
  deps: {
    alwaysBundle: [/./],
    neverBundle: ['classic-level'],
    onlyBundle: false,
    onlyImport: ['classic-level'],
  },
  // Whatever the shell says: React's development build is slower.
  define: { 'process.env.NODE_ENV': '"production"' },
  sourcemap: false,
  plugins: [withoutDevtools(), yogaWithoutFetch(), emojiWhenMet(), rememberedTexts(), thirdPartyNotices()],
})
