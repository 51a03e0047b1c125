import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Fault, faulty, SAID } from '../support/faults.ts'
import { CLI, emptyHome, LOOPBACK_ARGS, PipedProgram, ScreenProgram } from '../support/program.ts'

/** Runs the program, then says how it left the terminal. */
const SHELL = ['bash', '-c', '"$@"; code=$?; stty -a; echo "exit code $code"', 'bash']

async function otherNode() {
  const node = new PipedProgram(['--headless', '--json', ...LOOPBACK_ARGS])
  return { node, address: String((await node.event('listen:opened')).address) }
}

/** The program under a shell, connected to another node; `fail` makes its fault happen. */
async function faultyScreen(fault: Fault) {
  const trigger = join(emptyHome(), 'now')
  const { node, address } = await otherNode()
  const screen = new ScreenProgram([...LOOPBACK_ARGS, address], { under: SHELL, env: faulty(fault, trigger) })
  await screen.waitFor('1 connected')
  expect(screen.alternateScreen).toBe(true)
  return { screen, node, fail: () => writeFileSync(trigger, '') }
}

/** The last of what turns a mode on or off. */
function lastSet(output: string, mode: number): 'on' | 'off' | undefined {
  const all = [...output.matchAll(new RegExp(`\\u001b\\[\\?${mode}([hl])`, 'g'))]
  const last = all.at(-1)?.[1]
  return last === undefined ? undefined : last === 'h' ? 'on' : 'off'
}

/** The modes of a terminal that the program has touched, and that a shell needs as they were. */
function expectGivenBack(screen: ScreenProgram): void {
  expect(screen.alternateScreen).toBe(false)
  expect(lastSet(screen.output, 1049)).toBe('off')
  expect(lastSet(screen.output, 25)).toBe('on')
  expect(lastSet(screen.output, 2004)).toBe('off')
  const text = screen.screen().join('\n')
  expect(text).toMatch(/(^|\s)icanon\b/)
  expect(text).toMatch(/(^|\s)echo\b/)
  expect(text).toMatch(/(^|\s)isig\b/)
}

describe('the terminal is given back, with the reason on it', () => {
  it.each([
    ['the thread of the node throws', 'worker throws', `The node's thread crashed: ${SAID}`],
    [
      'the thread of the node ends by itself',
      'worker exits',
      "The node's thread ended by itself (exit code 7)",
    ],
    ['nobody caught an error', 'main throws', `p2p-tui: ${SAID}`],
    ['nobody caught a rejection', 'main rejects', `p2p-tui: ${SAID}`],
    ['a view fails', 'view throws', `p2p-tui: ${SAID}`],
  ] as const)('when %s', async (_, fault, reason) => {
    const { screen, node, fail } = await faultyScreen(fault)
    fail()
    // A screen on which nothing happens draws nothing; Tab changes it.
    const typing = setInterval(() => screen.press('\t'), 50)
    await screen.ended
    clearInterval(typing)
    await screen.waitFor('exit code 1')
    expectGivenBack(screen)
    expect(screen.screen().join(' ')).toContain(reason)
    expect(screen.output).not.toContain('\u001b]')
    expect(screen.screen().join('\n')).not.toMatch(/^\s+at /m)
    await node.event('connection:closed')
  })

  it.each([
    ['throws', 'worker throws', SAID],
    ['ends by itself', 'worker exits', 'exit code 7'],
  ] as const)('when the thread of the node %s before it runs at all', async (_, fault, reason) => {
    const home = emptyHome()
    const screen = new ScreenProgram(LOOPBACK_ARGS, { under: SHELL, home, env: faulty(fault, home) })
    await screen.ended
    await screen.waitFor('exit code 1')
    expect(screen.alternateScreen).toBe(false)
    expect(screen.screen().join(' ')).toContain(reason)
  })

  it('without a screen too, as one failure and exit code 1', async () => {
    const trigger = join(emptyHome(), 'now')
    const node = new PipedProgram(['--headless', '--json', ...LOOPBACK_ARGS], {
      env: faulty('worker throws', trigger),
    })
    await node.event('listen:opened')
    writeFileSync(trigger, '')
    expect((await node.ended).code).toBe(1)
    const failed = JSON.parse(node.stderr)
    expect(failed).toMatchObject({ type: 'failed', cause: expect.stringContaining(SAID) })
    expect(failed.cause).toMatch(/^The node's thread crashed: /)
    expect(node.stderr).not.toMatch(/^\s+at /m)
  })
})

describe('a terminal that goes away', () => {
  it('ends the program, and the node says goodbye to its peers', async () => {
    const { node, address } = await otherNode()
    const screen = new ScreenProgram([...LOOPBACK_ARGS, address])
    await screen.waitFor('1 connected')
    screen.hangUp()
    expect((await node.event('connection:closed')).reason).toBe('The other side closed it')
  })
})

describe('Ctrl-Z', () => {
  it('gives the terminal to the shell, and fg brings the whole screen back with its keys', async () => {
    const { node, address } = await otherNode()
    const screen = new ScreenProgram([], {
      under: ['bash', '-c', 'PS1="shell> " exec bash --norc --noprofile -i', 'bash'],
    })
    await screen.waitFor('shell>')
    const pidFile = join(emptyHome(), 'pid')
    const start = `${process.execPath} ${CLI} ${LOOPBACK_ARGS.join(' ')} ${address}`
    screen.press(`bash -c 'echo $$ > ${pidFile}; exec ${start}'\r`)
    await screen.waitFor('1 connected')
    const before = screen.screen()
    screen.press('\u001a')
    await screen.waitFor('Stopped')
    expect(screen.alternateScreen).toBe(false)
    expect(lastSet(screen.output, 25)).toBe('on')
    // What the shell does to the terminal meanwhile must not be left over.
    screen.press("printf 'left over%.0s ' {1..400}; stty -a | tr ';' '\\n' | tail -3\r")
    await screen.waitFor(/\bicanon\b[\s\S]*shell>/)
    screen.press('fg\r')
    await screen.waitFor(rows => screen.alternateScreen && rows[0] === before[0])
    await screen.waitFor(rows => rows.at(-1) === before.at(-1))
    expect(screen.screen().join('\n')).not.toContain('left over')
    // Somebody else stops it, without a key: the shell gets the terminal all the same.
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTSTP')
    await screen.waitFor(() => !screen.alternateScreen)
    expect(lastSet(screen.output, 25)).toBe('on')
    screen.press('fg\r')
    await screen.waitFor(rows => screen.alternateScreen && rows[0] === before[0])
    screen.press('x')
    await screen.waitFor('0 connected')
    await node.event('connection:closed')
    screen.press(':quit\r')
    await screen.waitFor(() => !screen.alternateScreen)
    // Typed while the node is still stopping: it is the shell's already.
    screen.press('echo "exit code $?"\r')
    await screen.waitFor('exit code 0')
  })
})
