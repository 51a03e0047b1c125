import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { noticeOf, packageDirectory } from '../../../scripts/build/third-party-notices.ts'
import { scratchDirectory } from '../../support/scratch.ts'

async function made(files: Record<string, string>): Promise<string> {
  const directory = join(await scratchDirectory(), 'made')
  mkdirSync(directory)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

it.each([
  ['/x/node_modules/react/cjs/react.js', '/x/node_modules/react'],
  ['/x/node_modules/@libp2p/tcp/dist/index.js', '/x/node_modules/@libp2p/tcp'],
  ['/x/node_modules/ink/node_modules/string-width/index.js', '/x/node_modules/ink/node_modules/string-width'],
  ['C:\\x\\node_modules\\react\\index.js', 'C:/x/node_modules/react'],
  ['\0/x/node_modules/react/index.js?commonjs', '/x/node_modules/react'],
  ['/x/src/main.ts', undefined],
])('%s belongs to %s', (module, directory) => {
  expect(packageDirectory(module)).toBe(directory)
})

it('gives the name, the licence and all texts that a package comes with', async () => {
  const directory = await made({
    'package.json':
      '{ "name": "made", "version": "1.2.3", "license": "Apache-2.0", "author": { "name": "A" } }',
    LICENSE: 'Do as it says.\n',
    'NOTICE.txt': 'Made by A.\n',
    'README.md': 'no licence',
  })
  expect(noticeOf(directory)).toBe('made 1.2.3\nLicence: Apache-2.0\nBy: A\n\nDo as it says.\n\nMade by A.')
})

it('refuses a package that says nothing of its licence', async () => {
  const directory = await made({ 'package.json': '{ "name": "made", "version": "1.2.3" }' })
  expect(() => noticeOf(directory)).toThrow('made says nothing of its licence')
})
