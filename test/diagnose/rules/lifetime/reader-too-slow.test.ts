/** A reader that cannot keep up: the terminal with a standard output that nobody reads. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { readerTooSlow } from '../../../../src/diagnose/rules/lifetime/reader-too-slow.ts'
import { parseLine } from '../../../../src/session/parse-line.ts'
import type { Finding } from '../../../../src/shared/finding.ts'
import { cliTests, startCli } from '../../../support/cli.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { serveWebSocket } from '../../../support/loopback.ts'

/** More than all buffers between the server and a reader of the output hold. */
const FLOOD = 512
const MESSAGE = 'x'.repeat(64 * 1024)
/** Milliseconds. */
const THRESHOLD = 200

describe('reading that is paused', () => {
  cliTests()

  /** What is found in the session that the terminal prints, and its output. */
  async function foundIn(stdout: string): Promise<Finding[]> {
    const events = stdout.split('\n').flatMap((line) => parseLine(line) ?? [])
    return await diagnose(events.slice(1), {
      rules: [readerTooSlow],
      thresholds: { 'reader-too-slow': THRESHOLD },
    })
  }

  it('is found if nobody reads what the terminal prints, with how long and when', async () => {
    let peer: WebSocket | undefined
    const url = await serveWebSocket((socket) => {
      peer = socket
      for (let index = 0; index < FLOOD; index++) socket.send(MESSAGE)
      socket.close(1000)
    })
    const cli = await startCli(['connect', url, '--format', 'jsonl', '--reconnect', 'never'], {
      unread: true,
    })
    // The server is held back once the client has stopped reading.
    for (let before = -1, waiting = 0; waiting === 0 || waiting !== before; ) {
      before = waiting
      await delay(2 * THRESHOLD)
      waiting = peer?.bufferedAmount ?? 0
    }
    cli.read()
    const { stdout, code } = await cli.ended
    assert.equal(code, 0)
    const pauses = cli.lines.filter(({ type }) => type === 'pause')
    assert.ok(pauses.length > 0)
    for (const pause of pauses) assert.ok(Number(pause.duration) >= 100 && pause.connection === 1)
    assert.equal(cli.lines.filter(({ type }) => type === 'message').length, FLOOD)
    const [finding, ...others] = await foundIn(stdout)
    assert.deepEqual(others, [])
    assert.equal(finding?.rule, 'reader-too-slow')
    assert.equal(finding?.evidence?.pauses, pauses.length)
    assert.ok(Number(finding?.evidence?.paused) >= THRESHOLD)
    assert.equal(finding?.chart?.kind, 'times')
  })

  it('is not found if what the terminal prints fits into its buffers', async () => {
    const url = await serveWebSocket((socket) => {
      for (let index = 0; index < 20; index++) socket.send('small')
      socket.close(1000)
    })
    const cli = await startCli(['connect', url, '--format', 'jsonl', '--reconnect', 'never'])
    const { stdout } = await cli.ended
    assert.equal(cli.lines.filter(({ type }) => type === 'message').length, 20)
    assert.deepEqual(await foundIn(stdout), [])
  })

  it('is not found if the pauses together are short', async () => {
    const pause = (time: number, duration: number) =>
      ({ type: 'pause', connection: 1, time, duration }) as const
    const short = [pause(500, 100), pause(900, THRESHOLD - 101)]
    const options = { rules: [readerTooSlow], thresholds: { 'reader-too-slow': THRESHOLD } }
    assert.deepEqual(await diagnose(short, options), [])
    const [finding] = await diagnose([...short, pause(1200, 100)], options)
    assert.deepEqual(
      [finding?.from, finding?.to, finding?.events, finding?.evidence?.longest],
      [400, 1200, [1, 2, 3], 100],
    )
  })
})
