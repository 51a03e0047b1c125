import { describe, expect, it, vi } from 'vitest'
import { type Failure, RequestFailed } from '../../../src/core/failure.ts'
import { say } from '../../../src/core/safe-text.ts'
import { STOPPED } from '../../../src/node/port/failures.ts'
import { type RequestContext, RequestRunner } from '../../../src/node/port/run-request.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const PONG = { rttMs: 1, cold: false }
const never = () => new Promise<never>(() => {})

async function failureOf(request: Promise<unknown>): Promise<Failure> {
  const error = await request.catch((reason: unknown) => reason)
  if (!(error instanceof RequestFailed)) throw new Error('not a RequestFailed')
  return error.failure
}

describe('a request that is run', () => {
  it('has its handler’s result, and leaves no timer and no listener behind', async () => {
    const clock = new ManualClock()
    const { signal } = new AbortController()
    const remove = vi.spyOn(signal, 'removeEventListener')
    expect(await new RequestRunner(clock).run('ping', { signal }, async () => PONG)).toEqual(PONG)
    expect(clock.pending).toBe(0)
    expect(remove).toHaveBeenCalledOnce()
  })

  it('is named in turn, unless its caller names it', async () => {
    const runner = new RequestRunner(new ManualClock(), { prefix: 'a' })
    const names: string[] = []
    const note = ({ requestId }: RequestContext) => {
      names.push(requestId)
      return PONG
    }
    await runner.run('ping', {}, note)
    await runner.run('ping', { id: say`mine` }, note)
    await runner.run('ping', {}, note)
    expect(names).toEqual(['a1', 'mine', 'a3'])
  })

  it('keeps the failure that its handler gives', async () => {
    const failure: Failure = { stage: 'connect', cause: say`Nobody there`, hint: say`Call later` }
    const request = new RequestRunner(new ManualClock()).run('ping', {}, async () => {
      throw new RequestFailed(failure)
    })
    expect(await failureOf(request)).toEqual(failure)
  })

  it.each([
    ['an error', new Error('bad \u001b[31mluck\nhere'), 'bad \uFFFD[31mluck here'],
    ['text', 'why not', 'why not'],
    ['nothing', undefined, 'undefined'],
    ['an empty error', new Error(''), 'Unknown error'],
  ])('makes a clean failure of %s that a handler throws', async (_, thrown, cause) => {
    const request = new RequestRunner(new ManualClock()).run('ping', {}, () => {
      throw thrown
    })
    expect(await failureOf(request)).toMatchObject({ stage: 'request', cause })
  })

  it('ends with its caller’s signal though the handler does not care', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const runner = new RequestRunner(clock)
    let handed: AbortSignal | undefined
    const request = runner.run('ping', { signal: controller.signal }, ({ signal }) => {
      handed = signal
      return never()
    })
    controller.abort()
    expect(await failureOf(request)).toMatchObject({ stage: 'request', cause: 'Cancelled' })
    expect(handed?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('does not start when the signal has been given before', async () => {
    const handler = vi.fn(never)
    const request = new RequestRunner(new ManualClock()).run('ping', { signal: AbortSignal.abort() }, handler)
    expect((await failureOf(request)).cause).toBe('Cancelled')
    expect(handler).not.toHaveBeenCalled()
  })

  it('ends at its deadline though the handler does not care', async () => {
    const clock = new ManualClock()
    const runner = new RequestRunner(clock)
    const own = failureOf(runner.run('ping', { deadlineMs: 1500 }, never))
    const usual = failureOf(runner.run('ping', {}, never))
    clock.advance(1500)
    expect(await own).toMatchObject({ stage: 'request', cause: 'Took longer than 1.5 s' })
    expect(clock.pending).toBe(1)
    clock.advance(8500)
    expect((await usual).cause).toBe('Took longer than 10 s')
  })

  it('may have a deadline that no timer could wait for', async () => {
    const runner = new RequestRunner(new ManualClock(), { graceMs: 1000 })
    for (const deadlineMs of [Number.POSITIVE_INFINITY, 2 ** 40, Number.NaN]) {
      const deadline = await runner.run('ping', { deadlineMs }, context => ({
        rttMs: context.deadlineMs,
        cold: true,
      }))
      expect(deadline.rttMs).toBe(Number.isNaN(deadlineMs) ? 10_000 : 2 ** 31 - 1)
    }
  })

  it('fails with the node, and so do all that come later', async () => {
    const clock = new ManualClock()
    const runner = new RequestRunner(clock)
    const pending = failureOf(runner.run('ping', {}, never))
    runner.end(STOPPED)
    expect(await pending).toEqual(STOPPED)
    expect(await failureOf(runner.run('ping', {}, async () => PONG))).toEqual(STOPPED)
    expect(clock.pending).toBe(0)
  })

  it('swallows what a handler does once nobody waits', async () => {
    const controller = new AbortController()
    const late = Promise.withResolvers<typeof PONG>()
    const request = new RequestRunner(new ManualClock()).run(
      'ping',
      { signal: controller.signal },
      () => late.promise,
    )
    controller.abort()
    await failureOf(request)
    // An unhandled rejection would fail the run.
    late.reject(new Error('too late'))
    await new Promise(resolve => setImmediate(resolve))
  })
})
