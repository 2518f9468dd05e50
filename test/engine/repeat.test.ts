import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { Answered } from '../../src/engine/answered.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { Repeat } from '../../src/engine/repeat.ts'
import type { Timers } from '../../src/session/replay/timers.ts'
import { Failure } from '../../src/shared/failure.ts'
import type { SendingStatus } from '../../src/shared/status.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { serveWebSocket } from '../support/loopback.ts'

/** Timers whose time is moved by the test, with callbacks that can be late. */
class ManualTimers implements Timers {
  time = 0
  #wake: { readonly at: number; readonly callback: () => void } | undefined

  now(): number {
    return this.time
  }

  after(delay: number, callback: () => void): () => void {
    const wake = { at: this.time + Math.max(0, delay), callback }
    this.#wake = wake
    return () => {
      if (this.#wake === wake) this.#wake = undefined
    }
  }

  get waiting(): boolean {
    return this.#wake !== undefined
  }

  /** Runs what is due, each `late` ms after its time, until `time`. */
  passTo(time: number, late = 0): void {
    for (let wake = this.#wake; wake !== undefined && wake.at + late <= time; wake = this.#wake) {
      this.#wake = undefined
      this.time = wake.at + late
      wake.callback()
    }
    this.time = time
  }
}

describe('a repeat', () => {
  let timers: ManualTimers
  let times: number[]
  let changes: number

  beforeEach(() => {
    timers = new ManualTimers()
    times = []
    changes = 0
  })

  function start(interval: number, count: number, send = () => void times.push(timers.time)): Repeat {
    return new Repeat({ plan: { interval, count }, send, changed: () => changes++, timers })
  }

  it('sends the first message at once, the others at their times, and says when all have been sent', () => {
    const repeat = start(10, 4)
    assert.deepEqual(times, [0])
    timers.passTo(25)
    assert.deepEqual(times, [0, 10, 20])
    assert.deepEqual(repeat.status, { sent: 3, count: 4, interval: 10 })
    timers.passTo(1000)
    assert.deepEqual(times, [0, 10, 20, 30])
    assert.deepEqual(repeat.status, { sent: 4, count: 4, interval: 10, ended: 'All 4 were sent.' })
    assert.equal(timers.waiting, false)
  })

  it('does not drift: a late callback does not delay the next ones', () => {
    start(10, 101)
    timers.passTo(10_000, 7)
    assert.equal(times.length, 101)
    assert.equal(times.at(-1), 1007)
  })

  it('catches up after a short stall, keeping the rate', () => {
    start(10, 1000)
    timers.passTo(500, 480)
    assert.equal(times.length, 50)
    timers.passTo(600)
    assert.equal(times.length, 61)
  })

  it('continues from the current time after a long stall, rather than sending everything that it missed', () => {
    const repeat = start(10, 1000)
    timers.passTo(60_000, 59_990)
    assert.equal(repeat.status.sent, 2)
    timers.passTo(60_050)
    assert.equal(repeat.status.sent, 7)
  })

  it('stops on request, once', () => {
    const repeat = start(10, 100)
    timers.passTo(10)
    repeat.stop('Enough.')
    repeat.stop('Twice.')
    timers.passTo(1000)
    assert.equal(times.length, 2)
    assert.equal(repeat.status.ended, 'Enough.')
    assert.equal(changes, 1)
  })

  it('ends with the sentence of a message that cannot be sent', () => {
    const repeat = start(10, 100, () => {
      if (times.push(timers.time) === 3) throw new Failure('NOT_OPEN', 'It is closed.')
    })
    timers.passTo(1000)
    assert.deepEqual(repeat.status, { sent: 2, count: 100, interval: 10, ended: 'It is closed.' })
  })

  for (const [interval, count] of [
    [0, 1],
    [1.5, 1],
    [Number.NaN, 1],
    [86_400_001, 1],
    [1, 0],
    [1, 100_001],
    [1, 2.5],
  ] as const)
    it(`is rejected every ${interval} ms, ${count} times`, () => {
      assert.throws(() => start(interval, count), { code: 'BAD_REPEAT' })
      assert.deepEqual(times, [])
    })
})

describe('the engine, repeating a message', () => {
  let live: LiveEngine
  let engine: Engine
  let peer: WebSocket
  let id: number
  let received: string[]

  beforeEach(async () => {
    received = []
    live = new LiveEngine()
    engine = live.engine
    const url = await serveWebSocket((socket) => {
      peer = socket
      socket.on('message', (data: Buffer, binary) => {
        received.push(data.toString())
        socket.send(data, { binary })
        live.look()
      })
    })
    id = await live.connect({ url, reconnect: 'never' })
  })

  afterEach(() => live.close())

  const status = (): SendingStatus | undefined => engine.status().connections[0]?.sending
  const template = (text: string, variables = {}) => ({ format: 'text' as const, text, variables })

  it('fills the placeholders each time, and receives the echo of each message', async () => {
    const message = template('{{$counter}} {{who}} {{$uuid}}', { who: 'me' })
    await engine.handlers.repeat({ id, message, plan: { interval: 1, count: 50 } })
    await live.until(() => received.length === 50 && (engine.status().connections[0]?.messagesIn ?? 0) === 50)
    assert.deepEqual(
      received.map((text) => text.split(' ').slice(0, 2).join(' ')),
      Array.from({ length: 50 }, (_, i) => `${i + 1} me`),
    )
    assert.equal(new Set(received.map((text) => text.split(' ')[2])).size, 50)
    assert.deepEqual(status(), { sent: 50, count: 50, interval: 1, ended: 'All 50 were sent.' })
  })

  it('continues the counter from message to message, whatever else is sent', async () => {
    for (const text of ['{{$counter}}', 'none', '{{$counter}}{{$counter}}'])
      await engine.handlers.send({ id, message: template(text) })
    await live.until(() => received.length === 3)
    assert.deepEqual(received, ['1', 'none', '22'])
  })

  it('does not send a message with an unknown variable', async () => {
    const message = template('{{$counter}} {{nope}}')
    await assert.rejects(async () => engine.handlers.send({ id, message }), { code: 'UNKNOWN_VARIABLE' })
    await assert.rejects(
      async () => engine.handlers.repeat({ id, message, plan: { interval: 1, count: 2 } }),
      {
        code: 'UNKNOWN_VARIABLE',
      },
    )
    assert.equal(status(), undefined)
    await engine.handlers.send({ id, message: template('{{$counter}}') })
    await live.until(() => received.length > 0)
    assert.deepEqual(received, ['1'])
  })

  it('stops on request, and only then starts another repeat', async () => {
    const plan = { interval: 1, count: 100_000 }
    await engine.handlers.repeat({ id, message: template('tick'), plan })
    await live.until(() => received.length >= 5)
    await assert.rejects(async () => engine.handlers.repeat({ id, message: template('tock'), plan }), {
      code: 'SENDING',
    })
    await engine.handlers.stopSending({ id })
    const sent = status()?.sent ?? 0
    assert.equal(status()?.ended, `Stopped after ${sent} of 100,000.`)
    await engine.handlers.repeat({ id, message: template('tock'), plan: { interval: 1, count: 1 } })
    await live.until(() => received.includes('tock'))
    assert.equal(received.filter((text) => text === 'tick').length, sent)
  })

  it('stops when the connection is closed by the user or the peer', async () => {
    const plan = { interval: 1, count: 100_000 }
    await engine.handlers.repeat({ id, message: template('tick'), plan })
    await live.until(() => received.length > 0)
    await engine.handlers.disconnect({ id })
    assert.match(status()?.ended ?? '', /^Stopped after \d+ of 100,000: the connection is clos(ing|ed)\.$/)

    await engine.handlers.reconnect({ id })
    await live.until(() => engine.status().connections[0]?.state === 'open')
    await engine.handlers.repeat({ id, message: template('again'), plan })
    peer.terminate()
    await live.until(() => status()?.ended !== undefined)
  })

  describe('and messages in order', () => {
    const texts = ['a {{$counter}}', 'b', 'c {{$counter}}']
    const messages = texts.map((text) => template(text))

    it('sends each once the one before it is answered', async () => {
      await engine.handlers.sendInOrder({ id, messages, pace: { wait: 'answer', ms: 60_000 } })
      await live.until(() => status()?.ended !== undefined)
      await live.until(() => (engine.status().connections[0]?.messagesIn ?? 0) === 3)
      assert.deepEqual(status(), { sent: 3, count: 3, ended: 'All 3 were sent.' })
      const { lines } = await engine.handlers.lines({ from: 0, max: 100 })
      const traffic = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'message')
      assert.deepEqual(
        traffic.map(({ direction, text }) => `${direction} ${text}`),
        ['out a 1', 'in a 1', 'out b', 'in b', 'out c 2', 'in c 2'],
      )
    })

    it('sends each a time after the one before it, answered or not', async () => {
      await engine.handlers.sendInOrder({ id, messages, pace: { wait: 'time', ms: 1 } })
      await live.until(() => received.length === 3)
      assert.deepEqual(received, ['a 1', 'b', 'c 2'])
      assert.deepEqual(status(), { sent: 3, count: 3, interval: 1, ended: 'All 3 were sent.' })
    })

    it('refuses a time that is out of bounds, and a second run', async () => {
      const start = (ms: number) => async () =>
        engine.handlers.sendInOrder({ id, messages, pace: { wait: 'answer', ms } })
      await assert.rejects(start(0), { code: 'BAD_PACE' })
      assert.deepEqual(received, [])
      await engine.handlers.repeat({ id, message: template('x'), plan: { interval: 60_000, count: 2 } })
      await assert.rejects(start(1), { code: 'SENDING' })
    })
  })
})

describe('messages that wait for answers', () => {
  let timers: ManualTimers
  let sent: string[]

  beforeEach(() => {
    timers = new ManualTimers()
    sent = []
  })

  function start(...texts: readonly string[]): Answered {
    const sends = texts.map((text) => () => {
      if (text === 'bad') throw new Failure('BAD_TEXT', 'It is bad.')
      sent.push(text)
    })
    return new Answered({ sends, patience: 5000, changed: () => {}, timers })
  }

  it('are not sent by what arrived before the last of them', () => {
    const run = start('a', 'b', 'c')
    run.received(1)
    run.received(1)
    assert.deepEqual(sent, ['a', 'b'])
  })

  it('end, saying which had no answer', () => {
    const run = start('a', 'b', 'c')
    run.received(1)
    timers.passTo(5000)
    assert.equal(run.status.ended, 'No answer to message 2 came within 5.0 s: 2 of 3 were sent.')
    run.received(2)
    assert.deepEqual(sent, ['a', 'b'])
  })

  it('end with the sentence of a message that cannot be sent', () => {
    const run = start('a', 'bad', 'c')
    run.received(1)
    assert.deepEqual(run.status, { sent: 1, count: 3, ended: 'It is bad.' })
    assert.equal(timers.waiting, false)
  })
})
