import { systemClock } from '../../src/core/clock.ts'
import { startFakePort } from '../../src/node/fake/fake-port.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { describePort } from './port-contract.ts'

describePort('of the fake network', () =>
  fakeWorld(startFakePort({ clock: systemClock, lively: false }).port),
)
