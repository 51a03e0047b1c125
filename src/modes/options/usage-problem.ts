import type { SafeText } from '../../core/safe-text.ts'

/** Something that the person has to write in another way: exit code 2. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem'
  readonly text: SafeText
  /** What to write instead; absent: help tells. */
  readonly hint: SafeText | undefined

  constructor(text: SafeText, hint?: SafeText) {
    super(text)
    this.text = text
    this.hint = hint
  }
}
