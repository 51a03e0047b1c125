import { DEFAULT_NODE_OPTIONS } from '../../src/node/options.ts'
import { startWorkerPort } from '../../src/node/port/worker-port.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { describePort } from './port-contract.ts'

const entry = new URL('../node/port/fixtures/fake-node.ts', import.meta.url)

describePort('over a worker thread', () => fakeWorld(startWorkerPort(DEFAULT_NODE_OPTIONS, { entry })))
