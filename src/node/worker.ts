/** What the node's thread runs: the port over libp2p, served to the thread that started this one. */
import module from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../core/clock.ts'
import { startLibp2pPort } from './libp2p-port.ts'
import type { NodeOptions } from './options.ts'
import { messagePortChannel } from './port/message-port-channel.ts'
import { servePort } from './port/serve-port.ts'

if (parentPort === null) throw new Error('This module runs in a worker thread only')

const port = startLibp2pPort(workerData as NodeOptions, systemClock)
// Before anybody hears of the end, and ends this thread: what is not kept by then is lost. It takes time once.
void port.ended.then(() => module.flushCompileCache?.())
servePort(port, messagePortChannel(parentPort))
