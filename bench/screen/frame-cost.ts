/** What a commit of events costs the whole program, from the node's thread to the terminal. */
import type { MeasuredScreen } from './measured-screen.ts'

/** The cost of one commit and the frame that shows it. */
export interface FrameCost {
  /** Processor time of all threads. */
  cpuMs: number
  bytes: number
}

/** The mean over so many commits of `perCommit` pings each. */
export async function frameCost(
  screen: MeasuredScreen,
  { count, perCommit }: { count: number; perCommit: number },
): Promise<FrameCost> {
  const before = screen.bytes
  const { cpuMs } = await screen.order({ do: 'commits', count, perCommit })
  await screen.quiet()
  return { cpuMs: cpuMs / count, bytes: (screen.bytes - before) / count }
}
