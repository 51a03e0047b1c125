/** That what commands answer is what their schemas say. */
import { describe, expect, it } from 'vitest'
import { examplesOf } from '../../scripts/docs/answer-examples.ts'
import { type AnswerType, answerSchemas } from '../../src/commands/answers/answer-schema.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { CommandRun } from '../support/command-run.ts'

const ANSWERING = [...Map.groupBy(COMMANDS, ({ verb }) => verb)]
  .map(([verb, commands]) => ({ verb, types: commands.flatMap(({ answers = [] }) => answers) }))
  .filter(({ types }) => types.length > 0)

function schemaOf(line: string) {
  const { type } = JSON.parse(line) as { type: AnswerType }
  return answerSchemas[type]
}

describe('answers as data', () => {
  it.each(ANSWERING.filter(({ verb }) => verb !== 'help'))(
    '$verb: fit their schemas',
    async ({ verb, types }) => {
      const lines = await examplesOf(verb)
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) {
        const answer = JSON.parse(line)
        expect(types).toContain(answer.type)
        expect(schemaOf(line).safeParse(answer).error).toBeUndefined()
      }
    },
  )

  it('help: is data too', async () => {
    const run = await new CommandRun('lines').ready()
    await run.run('help ping')
    expect(run.replies.length).toBeGreaterThan(3)
    for (const { text, data } of run.replies) expect(data).toEqual({ type: 'text', text })
  })

  it('have every type used by a command, but for what is said of failures', () => {
    const used = new Set<string>(ANSWERING.flatMap(({ types }) => types))
    const unused = Object.keys(answerSchemas).filter(type => !used.has(type))
    expect(unused).toEqual(['failed', 'warning'])
  })

  it('refuse what no command says', async () => {
    const [line = ''] = await examplesOf('keep')
    const answer = JSON.parse(line)
    expect(answerSchemas.keep.safeParse({ ...answer, secret: 1 }).success).toBe(false)
    expect(answerSchemas.keep.safeParse({ ...answer, v: 2 }).success).toBe(false)
    expect(answerSchemas.keep.safeParse({ ...answer, kept: undefined }).success).toBe(false)
  })
})
