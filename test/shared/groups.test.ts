import assert from 'node:assert/strict'
import { type Direction, EVENT_TYPES, type EventType } from '../../src/shared/event.ts'
import { packKind } from '../../src/shared/event-columns.ts'
import { GROUPS, groupOf, shownKinds } from '../../src/shared/groups.ts'

const kind = (type: EventType, direction?: Direction) => ({ type, direction })

describe('the groups of events', () => {
  it('group messages by direction, and control events apart from lifecycle events', () => {
    assert.equal(groupOf(kind('message', 'in')), 'in')
    assert.equal(groupOf(kind('message', 'out')), 'out')
    for (const type of ['ping', 'pong', 'comment'] as const)
      assert.equal(groupOf(kind(type, 'out')), 'control')
    for (const type of ['connect', 'open', 'close', 'error', 'reconnect', 'gap', 'mark'] as const)
      assert.equal(groupOf(kind(type)), 'lifecycle')
  })

  it('are hidden independently, whatever the flags of an event', () => {
    for (const hidden of GROUPS) {
      const shown = shownKinds([hidden])
      for (const type of EVENT_TYPES)
        for (const direction of ['in', 'out'] as const) {
          const each = { ...kind(type, direction), binary: true, truncated: true, empty: true }
          assert.equal(
            shown[packKind(each)],
            groupOf(each) === hidden ? 0 : 1,
            `${hidden} ${type} ${direction}`,
          )
        }
    }
    assert.ok(shownKinds([]).every((shown) => shown === 1))
  })
})
