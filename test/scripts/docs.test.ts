import { expect, it } from 'vitest'
import { outOfDate } from '../../scripts/docs.ts'

it('keeps the generated docs as the code has them', () => {
  expect(outOfDate(), 'run npm run docs').toEqual([])
})
