import { describe, expect, it } from 'vitest'
import { judge, type LinkHealth } from '../../../src/node/mdns/health.ts'

const eth0: LinkHealth = { name: 'eth0', family: 'IPv4', internal: false, state: 'heard' }
const eth0v6: LinkHealth = { ...eth0, family: 'IPv6' }
const lo: LinkHealth = { name: 'lo', family: 'IPv4', internal: true, state: 'heard' }
const failed = (code: string, link = eth0): LinkHealth => ({ ...link, state: 'failed', code })

describe('multicast', () => {
  it.each<[string, LinkHealth[], ReturnType<typeof judge>]>([
    ['works when one interface hears itself', [failed('ENODEV'), { ...eth0, name: 'eth1' }, lo], 'none'],
    ['works over IPv6 where there is no IPv4', [eth0v6, lo], 'none'],
    ['is not known to work or not at first', [{ ...eth0, state: 'pending' }, lo], 'unknown'],
    [
      'is not given up while one may still work',
      [failed('ENODEV'), { ...eth0, state: 'pending' }],
      'unknown',
    ],
  ])('%s', (_, links, verdict) => {
    expect(judge(links)).toBe(verdict)
  })

  it.each<[string, LinkHealth[], RegExp, RegExp]>([
    ['no interface', [], /No network interface is up/, /Bring up a network/],
    ['loopback only', [lo], /only nodes on this machine/, /container/],
    [
      'IPv4 silent, though IPv6 works',
      [{ ...eth0, state: 'mute' }, eth0v6, lo],
      /eth0 does not come back/,
      /VPN/,
    ],
    ['port taken', [failed('EADDRINUSE'), failed('EADDRINUSE', lo)], /port 5353 is taken/, /ss -ulpn/],
    ['forbidden', [failed('EPERM'), lo], /does not allow multicast DNS on eth0/, /firewall/],
    ['no route', [failed('ENETUNREACH'), lo], /eth0 has no way for multicast/, /routes/],
    ['down', [failed('ENETDOWN'), lo], /eth0 is down/, /Bring it up/],
    ['no such family', [failed('EAFNOSUPPORT', eth0v6)], /eth0 does not carry IPv6/, /tried again/],
    ['anything else', [failed('EWHATEVER'), lo], /EWHATEVER/, /tried again/],
  ])('does not work: %s', (_, links, cause, hint) => {
    expect(judge(links)).toEqual({
      cause: expect.stringMatching(cause),
      hint: expect.stringMatching(hint),
    })
  })

  it('names an interface safely', () => {
    expect(judge([{ ...eth0, name: 'e\u001b[31m', state: 'mute' }])).toMatchObject({
      cause: expect.not.stringContaining('\u001b'),
    })
  })
})
