/** How the measured screen runs, in its environment as JSON. */
export interface ScreenSetting {
  /** `program`: as the program draws; `ink-incremental`: by Ink's own incremental mode. */
  writer: 'program' | 'ink-incremental'
  /** True: the time of day stands still, and ages with it. */
  stillTime: boolean
}
