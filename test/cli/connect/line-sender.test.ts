import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { LineSender } from '../../../src/cli/connect/line-sender.ts'
import { Failure } from '../../../src/shared/failure.ts'

describe('lines of an input as messages', () => {
  let input: PassThrough
  let sent: string[]
  /** The results of the next attempts to send. */
  let obstacles: Failure[]
  let failures: unknown[]
  let sender: LineSender
  let wake: () => void

  beforeEach(() => {
    input = new PassThrough()
    sent = []
    obstacles = []
    failures = []
    wake = () => {}
    sender = new LineSender(input, {
      send(line) {
        const obstacle = obstacles.shift()
        if (obstacle === undefined) sent.push(line)
        wake()
        if (obstacle !== undefined) throw obstacle
      },
      failed(thrown) {
        failures.push(thrown)
        wake()
      },
    })
  })
  afterEach(() => sender.stop())

  /** Waits until the condition holds; checks it whenever something is sent or fails. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds())
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }

  it('are sent again once it is open, if the connection was lost at that moment', async () => {
    obstacles.push(new Failure('NOT_OPEN', 'Gone.'))
    sender.setReady(true)
    input.write('one\ntwo\n')
    await until(() => obstacles.length === 0)
    assert.deepEqual(sent, [])
    sender.setReady(true)
    await until(() => sent.length === 2)
    assert.deepEqual([sent, failures], [['one', 'two'], []])
  })

  it('are sent again in order if the peer was too slow', async () => {
    obstacles.push(new Failure('SEND_QUEUE_FULL', 'Full.'), new Failure('SEND_QUEUE_FULL', 'Full.'))
    sender.setReady(true)
    input.end('one\r\ntwo\nthree')
    await until(() => sent.length === 3)
    assert.deepEqual([sent, failures], [['one', 'two', 'three'], []])
  })

  it('end with any other failure', async () => {
    const failure = new Failure('CANNOT_SEND', 'It only receives.')
    obstacles.push(failure)
    sender.setReady(true)
    input.write('one\ntwo\n')
    await until(() => failures.length > 0)
    assert.deepEqual([sent, failures], [[], [failure]])
  })

  it('are not read before they can be sent', async () => {
    input.write('early\n')
    await new Promise(setImmediate)
    assert.equal(input.readableLength, 6)
    sender.setReady(true)
    await until(() => sent.length === 1)
    assert.deepEqual(sent, ['early'])
  })
})
