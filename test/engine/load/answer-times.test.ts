/** How long answers take, found by the order of a recording. */
import assert from 'node:assert/strict'
import { AnswersByOrder } from '../../../src/engine/load/answer-times.ts'
import type { Script } from '../../../src/session/replay/script.ts'

/** A script in which `o` is a message of the client, and `i` one of the server. */
function scriptOf(order: string): Script {
  const messages = [...order].flatMap((each, at) => {
    const answersBefore = order.slice(0, at).replaceAll('o', '').length
    return each === 'o' ? [{ index: at, at, answersBefore }] : []
  })
  const answers = order.replaceAll('o', '').length
  const unknown = { connect: undefined, open: undefined, close: undefined }
  return { connection: 1, messages, answers, longestSilence: 0, ...unknown }
}

/** The times that are measured if the script goes live in another order, an event each 10 ms. */
function measured(recorded: string, live: string): number[] {
  const script = scriptOf(recorded)
  const times: number[] = []
  const answers = new AnswersByOrder(script, (ms) => times.push(ms))
  let next = 0
  for (const [at, each] of [...live].entries()) {
    if (each === 'i') answers.received(at * 10)
    const message = each === 'o' ? script.messages[next++] : undefined
    if (message !== undefined) answers.sent(message, at * 10)
  }
  return times
}

describe('the answers by order', () => {
  it('are the messages that followed in the recording', () => {
    assert.deepEqual(measured('ioioi', 'ioioi'), [10, 10])
    assert.deepEqual(measured('oiioii', 'oiioii'), [10, 10])
  })

  it('may come after the next message', () => {
    assert.deepEqual(measured('oioi', 'ooii'), [20, 20])
  })

  it('are not known for messages in a row, or without an answer', () => {
    assert.deepEqual(measured('ooi', 'ooi'), [])
    assert.deepEqual(measured('oio', 'oio'), [10])
  })

  it('are not known if the server sends more than it did', () => {
    assert.deepEqual(measured('oioi', 'oiioi'), [10])
  })
})
