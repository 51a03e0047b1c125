import { totalmem } from 'node:os'
import { expect, it, onTestFinished, vi } from 'vitest'
import { connectionsFor, memoryBytes } from '../../../src/node/limits/memory.ts'

const MIB = 1 << 20
const GIB = 1 << 30

it.each([
  ['nothing', 0, 16],
  ['too little for a node', 8 * MIB, 16],
  ['a small container', 64 * MIB, 64],
  ['half of what all of them need', 500 * MIB, 500],
  ['as much as all of them need', 1000 * MIB, 1000],
  ['much', 16 * GIB, 16_384],
])('memory is enough for connections: %s', (_, memory, connections) => {
  expect(connectionsFor(memory)).toBe(connections)
})

it.each([
  ['a container that has less than the machine', 128 * MIB, 128 * MIB],
  ['one that may have more than there is', 2 ** 62, totalmem()],
  ['no container', 0, totalmem()],
])('what this process may use is the least of both: %s', (_, constrained, bytes) => {
  const spy = vi.spyOn(process, 'constrainedMemory').mockReturnValue(constrained)
  onTestFinished(() => spy.mockRestore())
  expect(memoryBytes()).toBe(bytes)
})
