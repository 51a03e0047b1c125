import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../src/modes/command-line.ts'
import { readSettings } from '../../../src/modes/options/read-settings.ts'
import { scratchDirectory } from '../../support/scratch.ts'

async function dataDirectory(profiles: Record<string, object>): Promise<string> {
  const directory = await scratchDirectory()
  for (const [name, options] of Object.entries(profiles)) {
    await mkdir(join(directory, 'profiles', name), { recursive: true })
    await writeFile(join(directory, 'profiles', name, 'config.json'), JSON.stringify(options))
  }
  return directory
}

async function settingsOf(line: string, env: Record<string, string> = {}) {
  const asked = readCommandLine(line.split(' '), () => '0')
  if ('answer' in asked) throw new Error(asked.answer)
  return await readSettings(asked, env)
}

const LISTEN = ['/ip4/127.0.0.1/tcp/4001', '/ip4/127.0.0.1/udp/4001/quic-v1']

describe('the options of a profile', () => {
  it('hold when the profile is chosen, and for no other', async () => {
    const dir = await dataDirectory({ work: { listen: LISTEN, mdns: false } })
    const work = await settingsOf(`--profile work --data-dir ${dir}`)
    expect(work.node).toMatchObject({ listen: LISTEN, mdns: false, profile: 'work' })
    expect((await settingsOf(`--data-dir ${dir}`)).node).toMatchObject({ mdns: true, profile: 'default' })
  })

  it('hold for the default profile without a word', async () => {
    const dir = await dataDirectory({ default: { pingInterval: 5 } })
    expect((await settingsOf(`--data-dir ${dir}`)).node.pingIntervalMs).toBe(5000)
  })

  it('stand back behind flags, environment and file', async () => {
    const dir = await dataDirectory({
      work: { listen: LISTEN, pingInterval: 5, mdnsTtl: 7 },
    })
    const config = join(dir, 'other.json')
    await writeFile(config, '{"mdnsTtl": 9}')
    const line = `--profile work --data-dir ${dir} --config ${config} --listen /ip4/127.0.0.1/tcp/0`
    const { node } = await settingsOf(line, { P2P_TUI_PING_INTERVAL: '6' })
    expect(node).toMatchObject({ listen: ['/ip4/127.0.0.1/tcp/0'], pingIntervalMs: 6000, mdnsTtlMs: 9000 })
  })

  it('are found where a file or the environment chooses the profile', async () => {
    const dir = await dataDirectory({ work: { mdns: false } })
    const { node } = await settingsOf(`--data-dir ${dir}`, { P2P_TUI_PROFILE: 'work' })
    expect(node).toMatchObject({ mdns: false, profile: 'work' })
  })

  it('are left alone by an ephemeral node, the demo, and commands that choose no profile', async () => {
    const dir = await dataDirectory({ default: { mdns: false } })
    for (const line of ['--ephemeral', '--demo', 'ping 12D3KooW']) {
      expect((await settingsOf(`${line} --data-dir ${dir}`)).node.mdns, line).toBe(true)
    }
  })

  it('do not make a command listen where a running copy does', async () => {
    const dir = await dataDirectory({ work: { listen: LISTEN } })
    const settings = await settingsOf(`ping 12D3KooW --profile work --data-dir ${dir}`)
    expect(settings.chosen).toEqual({ profile: true, listen: false })
  })

  it.each([
    [{ mnds: true }, /work.config\.json: unknown key "mnds"; did you mean mdns\?/],
    [{ profile: 'other' }, /work.config\.json: profile cannot be chosen here/],
    [{ dataDir: '/tmp' }, /dataDir cannot be chosen here/],
    [{ listen: ['nowhere'] }, /--listen: "nowhere" is not a multiaddr/],
  ])('%j is refused', async (options, message) => {
    const dir = await dataDirectory({ work: options })
    await expect(settingsOf(`--profile work --data-dir ${dir}`)).rejects.toThrow(message)
  })
})
