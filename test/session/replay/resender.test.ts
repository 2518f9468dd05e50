import assert from 'node:assert/strict'
import type { IndexedRecording } from '../../../src/capture/recording.ts'
import { trafficIn } from '../../../src/session/replay/recorded-traffic.ts'
import { stepsOf } from '../../../src/session/replay/replay-steps.ts'
import { Resender, type ResenderOptions } from '../../../src/session/replay/resender.ts'
import { type Script, scriptedMessage } from '../../../src/session/replay/script.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { FakeTimers } from '../../support/fake-timers.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'

const out = { direction: 'out' } as const

/** Opened at 1. Sends a and b at 101 and 1101, gets one answer after each, and a last one late. */
const RECORDED: readonly RealtimeEvent[] = [
  ...opened(),
  message(101, 'a', out),
  message(201, 'A'),
  message(1101, 'b', out),
  message(1201, 'B'),
  message(3201, 'late'),
]

/** The script of the first step, or of that of a connection. */
function scriptOf(source: IndexedRecording, connection?: number): Script {
  const reading = trafficIn(source)
  let result = reading.next()
  while (!result.done) result = reading.next()
  const step = stepsOf(result.value, { only: connection }).find(({ kind }) => kind === 'socket')
  assert.ok(step?.kind === 'socket')
  return step.script
}

function playable(events: readonly RealtimeEvent[]) {
  return recordingOf(events)
}

class Stage {
  readonly timers = new FakeTimers()
  readonly sent: (readonly [text: string, at: number])[] = []
  readonly ends: unknown[] = []
  readonly resender: Resender
  refuse: Failure | undefined

  constructor(options: ResenderOptions = {}, events = RECORDED) {
    const source = playable(events)
    const script: Script = scriptOf(source)
    this.resender = new Resender(
      script,
      {
        send: (scripted) => {
          if (this.refuse !== undefined) throw this.refuse
          const { payload } = scriptedMessage(source, scripted)
          this.sent.push([Buffer.from(payload).toString(), this.timers.now()])
        },
        done: () => this.ends.push(['done', this.timers.now()]),
        failed: (thrown) => this.ends.push(thrown),
      },
      { timers: this.timers, ...options },
    )
  }
}

describe('a script', () => {
  it('has the messages of the first connection that sends, with their times after it opened', () => {
    const script = scriptOf(
      playable([...opened(2, 50), message(60, 'only in', { connection: 2 }), ...RECORDED]),
    )
    assert.deepEqual(
      script.messages.map(({ at, answersBefore }) => [at, answersBefore]),
      [
        [100, 0],
        [1100, 1],
      ],
    )
    assert.deepEqual([script.connection, script.answers, script.longestSilence], [1, 3, 2000])
  })

  it('refuses a connection that sent nothing, an unknown one, and a session without connections', () => {
    const source = playable([...RECORDED, ...opened(2, 50)])
    assert.throws(() => scriptOf(source, 2), { code: 'NOTHING_TO_SEND' })
    assert.throws(() => scriptOf(source, 3), { code: 'NO_CONNECTION' })
    assert.throws(() => scriptOf(playable([])), { code: 'NOTHING_TO_SEND' })
  })

  it('does not send a payload that was not kept', () => {
    const source = playable([...opened(), { ...message(5, '', out), dropped: 7 }])
    const [first] = scriptOf(source).messages
    assert.ok(first)
    assert.throws(() => scriptedMessage(source, first), { code: 'DROPPED' })
  })
})

describe('sending a script again', () => {
  it('keeps the recorded times, from the moment the connection opens', () => {
    const stage = new Stage()
    stage.timers.advance(5000)
    stage.resender.setOpen(true)
    stage.timers.advance(2000)
    assert.deepEqual(stage.sent, [
      ['a', 5100],
      ['b', 6100],
    ])
  })

  it('says how late each message is sent, unless it waited for the peer', () => {
    const late: unknown[] = []
    const stage = new Stage({ sent: (_, ms) => late.push(ms) })
    stage.resender.setOpen(true)
    stage.timers.block(150)
    stage.timers.advance(0)
    stage.refuse = new Failure('SEND_QUEUE_FULL', 'full')
    stage.timers.advance(1000)
    stage.refuse = undefined
    stage.timers.advance(20)
    assert.deepEqual(late, [50, undefined])
  })

  it('keeps them at another speed', () => {
    const stage = new Stage({ speed: 10 })
    stage.resender.setOpen(true)
    stage.timers.advance(2000)
    assert.deepEqual(
      stage.sent.map(([, at]) => at),
      [10, 110],
    )
  })

  it('sends the next message once as many answers have come as recorded', () => {
    const stage = new Stage({ pace: 'answers' })
    stage.resender.setOpen(true)
    assert.deepEqual(stage.sent, [['a', 0]])
    stage.timers.advance(30)
    stage.resender.received()
    assert.deepEqual(stage.sent[1], ['b', 30])
  })

  it('fails if the answers do not come', () => {
    const stage = new Stage({ pace: 'answers', patience: 700 })
    stage.resender.setOpen(true)
    stage.timers.advance(699)
    assert.deepEqual(stage.ends, [])
    stage.timers.advance(1)
    const [failure] = stage.ends as { code: string; message: string }[]
    assert.equal(failure?.code, 'NO_ANSWER')
    assert.match(failure.message, /sent 0 messages, but 1 were recorded before message 2 of 2/)
    assert.ok(!stage.resender.isComplete)
  })

  it('ends when as many answers have come as were recorded, and some time for more', () => {
    const stage = new Stage()
    stage.resender.setOpen(true)
    stage.timers.advance(1200)
    for (let n = 0; n < 5; n++) stage.resender.received()
    stage.timers.advance(249)
    stage.resender.received()
    assert.deepEqual(stage.ends, [])
    stage.timers.advance(1)
    assert.deepEqual(stage.ends, [['done', 1450]])
  })

  it('ends when no answer has come for longer than the longest recorded silence', () => {
    const stage = new Stage()
    stage.resender.setOpen(true)
    stage.timers.advance(1100)
    stage.resender.received()
    stage.timers.advance(3000)
    stage.resender.received()
    stage.timers.advance(3999)
    assert.deepEqual(stage.ends, [])
    stage.timers.advance(1)
    assert.deepEqual(stage.ends, [['done', 8100]])
  })

  it('ends once, even if an answer arrives while the connection closes', () => {
    const stage = new Stage({ patience: 700 })
    stage.resender.setOpen(true)
    stage.timers.advance(1800)
    assert.deepEqual(stage.ends, [['done', 1800]])
    stage.resender.received()
    assert.equal(stage.timers.pending, 0)
    assert.equal(stage.resender.answered, 1)
  })

  it('waits while the connection is lost, then continues with the recorded gaps', () => {
    const stage = new Stage()
    stage.resender.setOpen(true)
    stage.timers.advance(600)
    stage.resender.setOpen(false)
    stage.timers.advance(10_000)
    assert.equal(stage.sent.length, 1)
    stage.resender.setOpen(true)
    stage.timers.advance(499)
    assert.equal(stage.sent.length, 1)
    stage.timers.advance(1)
    assert.deepEqual(stage.sent[1], ['b', 11_100])
  })

  it('ends when all answers have come, even if the connection is lost repeatedly', () => {
    const stage = new Stage()
    stage.resender.setOpen(true)
    stage.timers.advance(1200)
    stage.resender.received()
    stage.resender.received()
    stage.resender.setOpen(false)
    // Reported after the loss of the connection that received it.
    stage.resender.received()
    for (let lost = 0; lost < 5; lost++) {
      stage.timers.advance(40)
      stage.resender.setOpen(true)
      stage.timers.advance(20)
      stage.resender.setOpen(false)
    }
    assert.deepEqual(stage.ends, [['done', 1450]])
    assert.equal(stage.timers.pending, 0)
  })

  it('tries again if the queue is full, and fails for other errors', () => {
    const stage = new Stage()
    stage.refuse = new Failure('SEND_QUEUE_FULL', 'wait')
    stage.resender.setOpen(true)
    stage.timers.advance(150)
    stage.refuse = undefined
    stage.timers.advance(50)
    assert.deepEqual(stage.sent, [['a', 160]])
    stage.refuse = new Failure('BAD_UTF8', 'no text')
    stage.timers.advance(2000)
    assert.deepEqual(stage.ends, [stage.refuse])
  })
})
