import assert from 'node:assert/strict'
import type { TransportEvent } from '../../../src/shared/event.ts'
import { Sequencer } from '../../../src/transport/websocket/sequencer.ts'

function comment(text: string): TransportEvent {
  return { type: 'comment', time: 0, payload: Buffer.from(text) }
}

function textOf(event: TransportEvent): string {
  return 'payload' in event ? Buffer.from(event.payload).toString() : ''
}

describe('the sequencer of WebSocket events', () => {
  it('holds later events until earlier ones are complete', () => {
    const told: string[] = []
    const events = new Sequencer((event) => told.push(textOf(event)))
    events.add(comment('0'))
    const slow = events.reserve()
    events.add(comment('2'))
    assert.deepEqual([told, events.idle], [['0'], false])
    slow.add(comment('1'))
    assert.deepEqual(told, ['0'])
    slow.done()
    assert.deepEqual([told, events.idle], [['0', '1', '2'], true])
  })

  it('continues after a place without events', () => {
    const told: string[] = []
    const events = new Sequencer((event) => told.push(textOf(event)))
    const empty = events.reserve()
    events.add(comment('1'))
    empty.done()
    assert.deepEqual(told, ['1'])
  })

  it('emits what an event causes after everything that was emitted with that event', () => {
    const told: string[] = []
    const events: Sequencer = new Sequencer((event) => {
      told.push(textOf(event))
      if (textOf(event) === '1') events.add(comment('answer'))
    })
    const place = events.reserve()
    for (const text of ['1', '2', '3']) place.add(comment(text))
    place.done()
    assert.deepEqual(told, ['1', '2', '3', 'answer'])
  })
})
