import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import type { NodeOptions } from './options.ts'

export declare function startLibp2pPort(options: NodeOptions, clock: Clock): NodePort
