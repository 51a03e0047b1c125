import { describe, expect, it } from 'vitest'
import { keys } from '../support/keys.ts'
import { describeInNetns, withTwoHosts } from '../support/netns.ts'
import { LOOPBACK_ARGS, type ProgramOptions, ScreenProgram } from '../support/program.ts'
import { watchNode } from '../support/watched-node.ts'

/** Turns off everything that a terminal was put into: alternate screen, bracketed paste; the cursor is back. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told with
const GIVEN_BACK = /\u001b\[\?1049l/

function startScreen(args: string[] = LOOPBACK_ARGS, options: ProgramOptions = {}) {
  return new ScreenProgram(args, options)
}

/** A node of ours to talk to, in this process: starting another program would only cost time. */
async function neighbour() {
  const node = watchNode()
  return { node, address: await node.address() }
}

describeInNetns('two people at two keyboards', () => {
  it('see each other, dial, ping, hang up and quit, by keys alone', () =>
    withTwoHosts(async (here, there) => {
      const left = startScreen([], { host: here })
      const right = startScreen([], { host: there })
      await left.waitFor('1 peer')
      await right.waitFor('1 peer')
      left.press('d')
      await left.waitFor('1 connected')
      await right.waitFor('1 connected')
      left.press('p')
      await left.waitFor(/answered in [\d.]+ ms/)
      await right.waitFor('answered a ping')
      left.press(keys.enter)
      await left.waitFor('p2p-tui/')
      await left.waitFor('/yamux/1.0.0')
      left.press('\u001b')
      await left.waitFor(rows => !rows.join().includes('/yamux/1.0.0'))
      left.press('x')
      await left.waitFor('0 connected')
      await right.waitFor('0 connected')
      right.press('q')
      expect((await right.ended).exitCode).toBe(0)
      expect(right.alternateScreen).toBe(false)
      // It said goodbye: the other screen knows at once.
      await left.waitFor(/gone|left|goodbye/i)
      left.press(':', 'quit\r')
      expect((await left.ended).exitCode).toBe(0)
    }))
})

describe('the screen', () => {
  it('dials what is typed, and says at which stage a dial failed and what to try', async () => {
    const { address } = await neighbour()
    const screen = startScreen()
    await screen.waitFor('listening on')
    screen.press(':', `dial ${address}\r`)
    await screen.waitFor('1 connected')
    screen.press(':dial /ip4/127.0.0.1/tcp/1\r')
    await screen.waitFor(/refused/)
    await screen.waitFor(/Check the port/)
    screen.press('q')
    expect((await screen.ended).exitCode).toBe(0)
  })

  it('dials the multiaddrs that it is given', async () => {
    const { address } = await neighbour()
    const screen = startScreen([...LOOPBACK_ARGS, address])
    await screen.waitFor('1 connected')
  })

  it.each([
    ['q', 'q', 0],
    ['Ctrl-C', '\u0003', 0],
  ])('gives the terminal back on %s', async (_, key, exitCode) => {
    const screen = startScreen()
    await screen.waitFor('listening on')
    expect(screen.alternateScreen).toBe(true)
    screen.press(key)
    expect((await screen.ended).exitCode).toBe(exitCode)
    expect(screen.alternateScreen).toBe(false)
    expect(screen.output).toMatch(GIVEN_BACK)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
    ['SIGUSR1', 138],
  ])('gives the terminal back on %s, and stops the node cleanly', async (signal, exitCode) => {
    const { node, address } = await neighbour()
    const screen = startScreen([...LOOPBACK_ARGS, address])
    await screen.waitFor('1 connected')
    screen.kill(signal)
    expect((await screen.ended).exitCode).toBe(exitCode)
    expect(screen.alternateScreen).toBe(false)
    expect((await node.heard('connection:closed')).reason).toMatch(/other side/)
  })

  it('says so, and gives the terminal back, when the node cannot start', async () => {
    const screen = startScreen([...LOOPBACK_ARGS, '--data-dir', '/proc/nowhere'])
    expect((await screen.ended).exitCode).toBe(1)
    expect(screen.alternateScreen).toBe(false)
    expect(screen.screen().join('\n')).toMatch(/\/proc\/nowhere/)
  })

  it('comes through a storm of resizes', async () => {
    const screen = startScreen(['--demo'])
    await screen.waitFor('Peers')
    for (let n = 0; n < 60; n += 1) screen.resize(20 + ((n * 37) % 180), 5 + ((n * 13) % 55))
    screen.resize(100, 30)
    await screen.waitFor(rows => rows.length === 30 && rows[29]?.includes('quit') === true)
    screen.press('q')
    expect((await screen.ended).exitCode).toBe(0)
  })

  it('is drawn anew on Ctrl-L, also while something is being typed', async () => {
    const screen = startScreen()
    await screen.waitFor('/ip4/127.0.0.1/tcp/')
    screen.press(':dial ')
    await screen.waitFor('<target>')
    const before = screen.screen()
    screen.scribble('\u001b[3;1Hrubbish from elsewhere\r\n\u001b[2K\u001b[31;7m')
    await screen.waitFor('rubbish')
    screen.press(keys.ctrl('l'))
    await screen.waitFor(rows => !rows.join().includes('rubbish'))
    expect(screen.screen()).toEqual(before)
    expect(screen.runs(5).every(run => !run.style.includes('inverse'))).toBe(true)
  })

  it('says that the terminal is too small, keeps the node, and goes on when there is room', async () => {
    const { node, address } = await neighbour()
    const screen = startScreen([...LOOPBACK_ARGS, address])
    await screen.waitFor('1 connected')
    screen.resize(30, 8)
    await screen.waitFor(/too small|40/)
    expect(node.events.some(({ type }) => type === 'connection:closed')).toBe(false)
    screen.resize(100, 30)
    await screen.waitFor('1 connected')
  })

  it('stays monochrome with NO_COLOR', async () => {
    const screen = startScreen(['--demo'], { env: { NO_COLOR: '1' } })
    await screen.waitFor('Peers')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    expect(screen.output).not.toMatch(/\u001b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|[34]8)(?:;[\d;]*)?m/)
  })

  it('writes lines, not a screen, to a dumb terminal', async () => {
    const screen = startScreen(LOOPBACK_ARGS, { env: { TERM: 'dumb' } })
    await screen.waitFor('listening on')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there shall be none
    expect(screen.output).not.toMatch(/\u001b/)
  })
})
