import { expect, it } from 'vitest'
import { CommandRun } from '../support/command-run.ts'

it('find: the line that stays on the screen has the address; on lines, which show all, it has the count', async () => {
  const run = await new CommandRun('screen', { dht: true }).ready()
  await run.run('closest motd')
  const peerId = run.replies.map(({ data }) => (data?.type === 'query:found' ? data.peerId : undefined))[0]
  await run.run(`find ${peerId}`)
  expect(run.lines.at(-1)).toMatch(/^found ….{8} at \/ip4\/.*: \d+ asked, \d+ answered, /)
  const onLines = await new CommandRun('lines', { dht: true }).ready()
  await onLines.run(`find ${peerId}`)
  expect(onLines.lines.at(-1)).toMatch(/^found 1 peer: /)
})

it('providing: says in what time it is said again, which may be another day', async () => {
  const run = await new CommandRun('screen', { dht: true }).ready()
  await run.run('provide hello')
  await run.run('providing')
  expect(run.lines.at(-2)).toMatch(/with \d+ peers? since [\d:]+, again in 2\d h$/)
})
