import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PayloadEvent, RealtimeEvent } from '../../src/shared/event.ts'
import {
  DIRECTED_TYPES,
  EVENT_TYPES,
  type EventType,
  isEventType,
  PAYLOAD_TYPES,
  type PayloadType,
} from '../../src/shared/event-types.ts'

/** Compiles only if both types are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : never

describe('the table of event types', () => {
  it('agrees with the interfaces of events', () => {
    const types: Same<EventType, RealtimeEvent['type']> = true
    const payloads: Same<PayloadType, PayloadEvent['type']> = true
    assert.ok(types && payloads)
  })

  it('keeps the order that captures have on disk, within four bits', () => {
    assert.equal(
      EVENT_TYPES.join(),
      'connect,open,message,ping,pong,comment,request,response,close,error,reconnect,gap,mark,pause',
    )
    assert.ok(EVENT_TYPES.length <= 16)
  })

  it('knows its types only', () => {
    assert.ok(EVENT_TYPES.every(isEventType))
    for (const text of ['', 'Message', 'toString', '__proto__']) assert.ok(!isEventType(text))
  })

  it('is the only list of types with a payload or a direction', () => {
    assert.deepEqual([PAYLOAD_TYPES.length, DIRECTED_TYPES.length], [4, 3])
    const list = /\[\s*'message',\s*'ping',/
    for (const folder of ['src', 'webview'])
      for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (/\.tsx?$/.test(path)) assert.doesNotMatch(readFileSync(join(folder, path), 'utf8'), list, path)
  })
})
