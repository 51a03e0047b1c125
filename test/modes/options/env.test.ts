import { describe, expect, it } from 'vitest'
import { givenByEnv } from '../../../src/modes/options/env.ts'
import { envName } from '../../../src/modes/options/option.ts'
import { OPTIONS } from '../../../src/modes/options/table.ts'

describe('the environment', () => {
  it('has a twin of every option', () => {
    const env = Object.fromEntries(
      OPTIONS.map(option => [
        envName(option),
        option.kind === 'seconds'
          ? '7'
          : option.kind === 'count'
            ? '2000'
            : option.kind.startsWith('text')
              ? '/a /b,/c'
              : 'yes',
      ]),
    )
    expect(env).toHaveProperty('P2P_TUI_NO_MDNS')
    expect(env).toHaveProperty('P2P_TUI_LOG_FILE')
    expect(givenByEnv(env)).toEqual({
      listen: ['/a', '/b', '/c'],
      relay: ['/a', '/b', '/c'],
      relayServer: true,
      relayReservations: 2000,
      relayCircuits: 2000,
      relayDuration: 7,
      relayData: 2000,
      announce: ['/a', '/b', '/c'],
      autonat: true,
      autonatServer: true,
      upnp: true,
      mdns: false,
      autoDial: true,
      dht: '/a /b,/c',
      dhtServer: true,
      bootstrap: ['/a', '/b', '/c'],
      public: true,
      profile: '/a /b,/c',
      ephemeral: true,
      dataDir: '/a /b,/c',
      config: '/a /b,/c',
      maxConnections: 2000,
      maxPerHost: 2000,
      maxHostRate: 2000,
      maxPending: 2000,
      maxDials: 2000,
      maxStreams: 2000,
      pingInterval: 7,
      mdnsTtl: 7,
      headless: true,
      json: true,
      logFile: '/a /b,/c',
      demo: true,
      color: false,
    })
  })

  it('can say no, and nothing', () => {
    expect(givenByEnv({ P2P_TUI_NO_MDNS: '0', P2P_TUI_DEMO: 'false', P2P_TUI_PROFILE: ' ' })).toEqual({
      mdns: true,
      demo: false,
    })
  })

  it('NO_COLOR counts when it is not empty', () => {
    expect(givenByEnv({ NO_COLOR: '1' })).toEqual({ color: false })
    expect(givenByEnv({ NO_COLOR: '' })).toEqual({})
  })

  it.each([
    [{ P2P_TUI_DEMO: 'maybe' }, 'P2P_TUI_DEMO must be 1 or 0, not "maybe"'],
    [{ P2P_TUI_MDNS_TTL: 'x' }, 'P2P_TUI_MDNS_TTL must be a number of seconds from 1 to 86400, not "x"'],
  ])('names a value that is wrong', (env, message) => expect(() => givenByEnv(env)).toThrow(message))
})
