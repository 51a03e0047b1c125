import { expect, it } from 'vitest'
import { emptyHome, LOOPBACK_ARGS, PipedProgram } from '../support/program.ts'

const ARGS = ['--headless', '--json', ...LOOPBACK_ARGS]

it('a killed program knows its peers and their names in the next run', async () => {
  const home = emptyHome()
  const other = new PipedProgram(ARGS)
  const address = String((await other.event('listen:opened')).address)
  const { peerId } = await other.event('node:started')
  const first = new PipedProgram(ARGS, { home })
  await first.event('listen:opened')
  first.child.stdin?.write(`dial ${address}\n`)
  await first.event('peer:identified')
  first.child.stdin?.write(`name ${peerId} the old laptop\n`)
  await first.event('name:given')
  first.child.kill('SIGKILL')
  await first.ended

  const second = new PipedProgram(ARGS, { home })
  const known = await second.event('peer:discovered')
  expect(known).toMatchObject({ peerId, source: 'known' })
  expect(known.addresses).not.toEqual([])
  expect(await second.event('name:given')).toMatchObject({ peerId, name: 'the old laptop' })
  await second.event('listen:opened')
  second.child.stdin?.write('dial "the old laptop"\n')
  expect(await second.event('dial:succeeded')).toMatchObject({ peerId })
})
