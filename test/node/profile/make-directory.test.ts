import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeDirectories } from '../../../src/node/profile/make-directory.ts'
import { scratchDirectory } from '../../support/scratch.ts'

describe('making directories', () => {
  it('makes all that are missing, for nobody else to look into', async () => {
    const path = join(await scratchDirectory(), 'a', 'b', 'c')
    await makeDirectories(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
  })

  it('leaves one that is there as it is', async () => {
    const path = join(await scratchDirectory(), 'a')
    mkdirSync(path, { mode: 0o755 })
    await makeDirectories(path)
    expect(statSync(path).mode & 0o777).toBe(0o755)
  })

  it.runIf(process.platform === 'linux')(
    'ends where a parent is there but says that it is not: recursive mkdir would spin for ever',
    async () => {
      await expect(makeDirectories('/proc/nowhere/deeper')).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )

  it('ends where a file stands in the way', async () => {
    const file = join(await scratchDirectory(), 'file')
    writeFileSync(file, '')
    await expect(makeDirectories(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(makeDirectories(file)).rejects.toMatchObject({ code: 'EEXIST' })
  })
})
