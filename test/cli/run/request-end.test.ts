import assert from 'node:assert/strict'
import { RequestEnd, type RequestProgress, type RunLimits } from '../../../src/cli/run/request-end.ts'
import type { RequestScript, ScriptStep } from '../../../src/shared/request-script.ts'
import { FakeTimers } from '../../support/fake-timers.ts'

const SEND: ScriptStep = { kind: 'send', message: { format: 'text', text: 'x' } }
const WAIT: ScriptStep = { kind: 'wait' }
const TIMEOUT = 30_000

class Ending {
  readonly timers = new FakeTimers()
  /** What it decided, with the time. */
  readonly said: string[] = []
  readonly end: RequestEnd
  readonly #of: number

  /** The limits are those of the request, unless they are `given` on the command line. */
  constructor(
    script: Partial<RequestScript>,
    limits: RunLimits = {},
    { isJudged = false, isGiven = false } = {},
  ) {
    this.#of = script.steps?.length ?? 0
    const say = (what: string) => this.said.push(`${this.timers.now()} ${what}`)
    this.end = new RequestEnd(
      {
        script: { steps: [], values: [], variables: {}, ...script },
        limits,
        isJudged,
        endsWhenDone: isGiven || Object.keys(limits).length === 0,
        timeout: TIMEOUT,
        timers: this.timers,
      },
      {
        end: () => say('end'),
        fail: (sentence) => say(`fail: ${sentence}`),
        notice: (sentence) => say(sentence),
      },
    )
  }

  progress(done: number, more: Partial<RequestProgress> = {}): void {
    this.end.update({
      ...{ isOpen: true, canSend: true, isDone: done === this.#of, missing: [] },
      ...{ expects: undefined, isDecided: true },
      script: { done, of: this.#of, waitsFor: 'message' },
      ...more,
    })
  }
}

describe('the end of a request', () => {
  it('comes at once after a last wait', () => {
    const ending = new Ending({ steps: [SEND, WAIT] })
    ending.progress(1)
    ending.timers.advance(20_000)
    ending.progress(2)
    ending.timers.advance(1)
    assert.deepEqual(ending.said, ['20000 end'])
  })

  it('comes once the server is quiet, if the last step sends', () => {
    const ending = new Ending({ steps: [SEND] })
    ending.progress(1)
    ending.timers.advance(1500)
    ending.end.received()
    ending.timers.advance(1999)
    assert.deepEqual(ending.said, [])
    ending.timers.advance(1)
    assert.deepEqual(ending.said, [
      '3500 It was closed because no message came for 2.0 s; to say when it ends, add # @max-messages or # @duration, or === wait-for-server after the last message.',
      '3500 end',
    ])
  })

  it('comes 10 seconds after the last step if the server goes on', () => {
    const ending = new Ending({ steps: [SEND] })
    ending.progress(1)
    for (let second = 0; second < 10; second++) {
      ending.timers.advance(1000)
      ending.end.received()
    }
    ending.timers.advance(1000)
    assert.match(ending.said.join('\n'), /^10000 It was closed 10\.0 s after its last message .*\n10000 end$/)
  })

  it('waits for the values to keep', () => {
    const values = [{ name: 'token', path: '$.token' }]
    const ending = new Ending({ steps: [SEND, WAIT], values })
    ending.progress(2, { missing: ['token'] })
    ending.timers.advance(TIMEOUT - 1)
    assert.deepEqual(ending.said, [])
    ending.progress(2)
    ending.timers.advance(1)
    assert.deepEqual(ending.said, [`${TIMEOUT - 1} end`])

    const without = new Ending({ values })
    without.progress(0, { missing: ['token'] })
    without.timers.advance(TIMEOUT)
    assert.deepEqual(without.said, [`${TIMEOUT} end`])
  })

  it('is a failure if a step takes too long, counted from the step before', () => {
    const ending = new Ending({ steps: [SEND, WAIT, SEND, WAIT] })
    ending.progress(1)
    ending.timers.advance(TIMEOUT - 1)
    ending.progress(3)
    ending.timers.advance(TIMEOUT - 1)
    assert.deepEqual(ending.said, [])
    ending.timers.advance(1)
    assert.deepEqual(ending.said, [
      '59999 fail: No message came within 30.0 s for === wait-for-server, after 3 of 4 steps; check what the server answers, or raise # @timeout.',
    ])
  })

  it('is a failure if a message never sets a variable that the next one needs', () => {
    const ending = new Ending({ steps: [SEND, SEND] }, { maxMessages: 5 })
    ending.progress(1, { script: { done: 1, of: 2, waitsFor: { variables: ['token'] } } })
    ending.timers.advance(TIMEOUT)
    assert.match(ending.said.join(), /^30000 fail: No message set \{\{token\}\} within 30\.0 s/)
  })

  it('comes after the duration, whatever happens', () => {
    const ending = new Ending({ steps: [SEND, WAIT] }, { duration: 60_000 })
    ending.progress(1)
    ending.timers.advance(59_999)
    assert.deepEqual(ending.said, [])
    ending.timers.advance(1)
    assert.deepEqual(ending.said, ['60000 end'])
  })

  it('is a failure after five minutes without a limit, which is said in the beginning', () => {
    const ending = new Ending({})
    ending.timers.advance(5000)
    assert.match(ending.said.join(), /^5000 It has neither # @max-messages nor # @duration, so it runs until/)
    ending.timers.advance(294_999)
    assert.equal(ending.said.length, 1)
    ending.timers.advance(1)
    assert.equal(
      ending.said[1],
      '300000 fail: It did not end within 5 min 0 s; add # @max-messages or # @duration.',
    )
  })

  it('is a failure after five minutes without a message if there is a limit of messages', () => {
    const ending = new Ending({}, { maxMessages: 3 })
    ending.timers.advance(299_000)
    ending.end.received()
    ending.timers.advance(299_999)
    assert.deepEqual(ending.said, [])
    ending.timers.advance(1)
    assert.match(ending.said.join(), /^599000 fail: No message came for 5 min 0 s, before there were 3; /)
  })

  it('comes earlier by limits of the command line, and by the script as without them', () => {
    for (const limits of [{ maxMessages: 5 }, { duration: 60_000 }]) {
      const ending = new Ending({ steps: [SEND, WAIT] }, limits, { isGiven: true })
      ending.progress(2)
      ending.timers.advance(1)
      assert.deepEqual(ending.said, ['0 end'])
      const own = new Ending({ steps: [SEND, WAIT] }, limits)
      own.progress(2)
      own.timers.advance(1)
      assert.deepEqual(own.said, [])
    }
    const late = new Ending({ steps: [SEND, WAIT] }, { duration: 60_000 }, { isGiven: true })
    late.progress(1)
    late.timers.advance(60_000)
    assert.deepEqual(late.said, ['60000 end'])
  })

  it('leaves no timers behind', () => {
    const ending = new Ending({ steps: [SEND] })
    ending.progress(1)
    ending.end.stop()
    ending.progress(1)
    assert.equal(ending.timers.pending, 0)
  })

  it('comes once everything that is expected is decided, if there is nothing else to do', () => {
    const ending = new Ending({}, {}, { isJudged: true })
    ending.progress(0, { canSend: false, expects: 'deadline', isDecided: false })
    ending.timers.advance(20_000)
    assert.deepEqual(ending.said, [])
    ending.progress(0, { canSend: false, isDecided: true })
    ending.timers.advance(1)
    assert.deepEqual(ending.said, ['20000 end'])
  })

  it('waits after the last wait for what is expected, at most for the timeout', () => {
    const ending = new Ending({ steps: [SEND, WAIT] }, {}, { isJudged: true })
    ending.progress(2, { expects: 'event', isDecided: false })
    ending.timers.advance(TIMEOUT - 1)
    assert.deepEqual(ending.said, [])
    ending.timers.advance(1)
    assert.deepEqual(ending.said, [`${TIMEOUT} end`])
  })
})
