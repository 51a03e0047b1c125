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

  it('reads no more of a file than options can take', async () => {
    const huge = await file(`{"profile": "${'x'.repeat(2 * 1024 * 1024)}"}`)
    await expect(readConfigFile(huge)).rejects.toThrow(/has more than 1024 KiB/)
    if (process.platform === 'win32') return
    await expect(readConfigFile('/dev/zero')).rejects.toThrow(/has more than 1024 KiB/)
  })

  it('names a few of very many problems', async () => {
    const content = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key${n}`, 1]))
    const problem = await readConfigFile(await file(JSON.stringify(content))).catch(error =>
      String(error.text),
    )
    expect(problem).toMatch(/unknown key "key0".*and 4992 more$/)
  })

  it('must be text', async () => {
    const path = await file('')
    await writeFile(path, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))
    await expect(readConfigFile(path)).rejects.toThrow(/cannot use the configuration file/)
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
