import { systemClock } from '../../src/core/clock.ts'
import { startFakePort } from '../../src/node/fake/fake-port.ts'
import { connectPort } from '../../src/node/port/connect-port.ts'
import { servePort } from '../../src/node/port/serve-port.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { JsonChannel } from '../support/json-channel.ts'
import { describePort } from './port-contract.ts'

describePort('over messages of JSON', () => {
  const channel = new JsonChannel()
  servePort(startFakePort({ clock: systemClock, lively: false }).port, channel.nodeEnd)
  return fakeWorld(connectPort(channel.userEnd, systemClock))
})
