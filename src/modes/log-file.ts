import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { NodePort } from '../core/port.ts'
import { safeMessage, say } from '../core/safe-text.ts'
import { LineWriter } from './line-writer.ts'
import { UsageProblem } from './options/usage-problem.ts'

/** A log file being written. */
export interface LogFile {
  /** Appends every event of the node, as a JSON object a line. Settles when the node is gone and all is on the disk. */
  follow(port: NodePort): Promise<void>
}

/**
 * Opens a file to append to; a new one can only be read by its owner. The node never waits for the disk: events that
 * it cannot take in time are missing, which `seq` shows.
 *
 * @throws {UsageProblem} when it cannot be opened
 */
export async function openLogFile(path: string): Promise<LogFile> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  try {
    await once(stream, 'open')
  } catch (error) {
    throw new UsageProblem(say`--log-file: cannot write to ${safeMessage(path)}: ${safeMessage(error)}`)
  }
  const writer = new LineWriter(stream)
  return {
    async follow(port) {
      const subscription = port.subscribe({ recent: true })
      for (let batch = await subscription.next(); batch !== undefined; batch = await subscription.next()) {
        for (const event of batch.events) await writer.write(JSON.stringify(event))
        if (!writer.open) subscription.close()
      }
      stream.end()
      await writer.gone
    },
  }
}
