/** The built program over each transport: what is bundled, and what is found beside the bundle. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PipedProgram } from '../support/program.ts'
import { scratchDirectory } from '../support/scratch.ts'

const LISTEN = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/quic-v1']

const listening = (addresses: readonly string[], env: Record<string, string> = {}) => {
  const listen = addresses.flatMap(address => ['--listen', address])
  return new PipedProgram(['--headless', '--json', '--no-mdns', '--ping-interval', '0', ...listen], { env })
}

const dial = async (target: string, env: Record<string, string> = {}) => {
  const program = new PipedProgram(['dial', target, '--json', '--no-mdns'], { env })
  const { code } = await program.ended
  return { code, ...program }
}

it('listens on every kind of address at once, and dials each', async () => {
  const socket = `/unix/${encodeURIComponent(join(await scratchDirectory(), 'node'))}`
  const node = listening([...LISTEN, socket])
  for (const kind of [/\/tcp\/\d+\/p2p/, /\/ws\/p2p/, /\/quic-v1\/p2p/, /^\/unix\//]) {
    const { address } = await node.event('listen:opened', event => kind.test(String(event.address)))
    const { code, stdout, stderr } = await dial(String(address))
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('"dial:succeeded"')
  }
  node.child.stdin?.end('quit\n')
  expect(await node.ended).toMatchObject({ code: 0 })
})

it('goes on without the machine code of QUIC, and says so where QUIC is wanted', async () => {
  // What napi-rs looks for instead of the package for this platform.
  const env = { NAPI_RS_NATIVE_LIBRARY_PATH: '/nonexistent/quic.node' }
  const missing = /^QUIC binary missing for this platform/
  const node = listening(LISTEN, env)
  const { address, cause } = await node.event('listen:failed')
  expect(address).toBe(LISTEN[2])
  expect(cause).toMatch(missing)
  await node.event('listen:opened', event => /\/ws\/p2p/.test(String(event.address)))
  await node.event('listen:opened', event => /\/tcp\/\d+\/p2p/.test(String(event.address)))
  const { code, stderr } = await dial('/ip4/127.0.0.1/udp/1/quic-v1', env)
  expect(code).not.toBe(0)
  expect(stderr).toContain('QUIC binary missing for this platform')
  node.child.stdin?.end('quit\n')
  expect(await node.ended).toMatchObject({ code: 0 })
})
