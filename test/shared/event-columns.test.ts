import assert from 'node:assert/strict'
import { EVENT_TYPES } from '../../src/shared/event.ts'
import { KIND_COUNT, type Kind, packKind, typeOf, unpackKind } from '../../src/shared/event-columns.ts'

describe('a packed kind', () => {
  it('preserves every type and every flag', () => {
    for (const type of EVENT_TYPES) {
      const directed = type === 'message' || type === 'ping' || type === 'pong'
      for (const direction of directed ? (['in', 'out'] as const) : [undefined]) {
        for (let flags = 0; flags < 16; flags++) {
          const kind: Kind = {
            type,
            direction,
            binary: (flags & 1) !== 0,
            compressed: (flags & 2) !== 0,
            truncated: type === 'message' && direction === 'in' && (flags & 4) !== 0,
            automatic:
              (type === 'request' || (type === 'message' && direction === 'out')) && (flags & 4) !== 0,
            empty: type === 'response' && (flags & 4) !== 0,
            faulted: type === 'message' && (flags & 8) !== 0,
          }
          assert.deepEqual(unpackKind(packKind(kind)), kind)
          assert.equal(typeOf(packKind(kind)), type)
          assert.ok(packKind(kind) < KIND_COUNT)
        }
      }
    }
  })
})
