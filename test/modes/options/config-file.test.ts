import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configSchema, readConfigFile } from '../../../src/modes/options/config-file.ts'
import { OPTIONS } from '../../../src/modes/options/table.ts'
import { scratchDirectory } from '../../support/scratch.ts'

describe('a configuration file', () => {
  async function file(content: string): Promise<string> {
    const path = join(await scratchDirectory(), 'config.json')
    await writeFile(path, content)
    return path
  }

  it('can hold every option but itself', async () => {
    const keys = OPTIONS.map(({ key }) => key).filter(key => key !== 'config')
    expect(Object.keys(configSchema.shape).sort()).toEqual([...keys, 'dial'].sort())
    const content = { listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false, pingInterval: 0, profile: 'work' }
    expect(await readConfigFile(await file(JSON.stringify(content)))).toEqual(content)
  })

  it.each([
    ['{"mnds": true}', /unknown key "mnds"; did you mean mdns\?/],
    ['{"mdnsTtl": 0}', /mdnsTtl/],
    ['{"maxDials": 0}', /maxDials/],
    ['{"maxPerHost": 1.5}', /maxPerHost/],
    ['{"listen": "x"}', /listen: .*array/],
    ['{"listen": [1]}', /listen\.0/],
    ['{"config": "other"}', /unknown key "config"/],
    ['[]', /the file/],
    ['{', /cannot use the configuration file/],
    ['', /cannot use the configuration file/],
  ])('refuses %s', async (content, message) => {
    await expect(readConfigFile(await file(content))).rejects.toThrow(message)
  })

  it('says which file is not there', async () => {
    await expect(readConfigFile('/nowhere/config.json')).rejects.toThrow(/\/nowhere\/config.json.*ENOENT/)
  })

  it.skipIf(process.getuid?.() === 0)('says that it must not read one', async () => {
    const path = await file('{}')
    await chmod(path, 0)
    await expect(readConfigFile(path)).rejects.toThrow(/EACCES/)
  })
})
