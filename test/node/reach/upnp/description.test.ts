import { expect, it } from 'vitest'
import { element, readDescription } from '../../../../src/node/reach/upnp/description.ts'

const AT = new URL('http://192.168.1.1:5000/root.xml')
const service = (name: string, control: string) =>
  `<service><serviceType>urn:schemas-upnp-org:service:${name}</serviceType><controlURL>${control}</controlURL></service>`

it('the newest service that forwards ports is taken', () => {
  const xml = `<root><device><friendlyName>Box</friendlyName>${service('WANPPPConnection:1', '/p')}${service('WANIPConnection:2', 'i')}</device></root>`
  expect(readDescription(xml, AT)).toEqual({
    name: 'Box',
    service: 'urn:schemas-upnp-org:service:WANIPConnection:2',
    control: new URL('http://192.168.1.1:5000/i'),
  })
})

it.each([
  ['has no such service', service('Layer3Forwarding:1', '/x')],
  ['is asked at another host', service('WANIPConnection:1', 'http://192.168.1.9/x')],
  ['is asked by other means', service('WANIPConnection:1', 'file:///etc/passwd')],
  ['begins elsewhere', `<URLBase>http://10.0.0.1/</URLBase>${service('WANIPConnection:1', '/x')}`],
  ['is no XML', 'hello'],
  ['is empty', ''],
])('a device that %s is none', (_, xml) => {
  expect(readDescription(xml, AT)).toBeUndefined()
})

it('a description made to keep us busy is read like any other', () => {
  const good = service('WANIPConnection:1', '/c')
  expect(readDescription(good + '<service>'.repeat(28_000), AT)?.control.pathname).toBe('/c')
  expect(readDescription('<service>'.repeat(28_000) + good, AT)).toBeUndefined()
  expect(element('<friendlyName '.repeat(18_000), 'friendlyName')).toBeUndefined()
  expect(element('<friendlyName>'.repeat(18_000), 'friendlyName')).toBeUndefined()
})

it('elements are found whatever their prefix, with their entities', () => {
  expect(element('<u:a xmlns:u="x"> b &amp; &lt;c&gt; &nope; </u:a>', 'a')).toBe('b & <c> &nope;')
  expect(element('<ab>1</ab>', 'a')).toBeUndefined()
})
