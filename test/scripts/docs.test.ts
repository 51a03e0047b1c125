import { expect, it } from 'vitest'
import { outOfDate } from '../../scripts/docs.ts'

it('keeps the generated docs as the code has them', async () => {
  expect(await outOfDate(), 'run npm run docs').toEqual([])
})
