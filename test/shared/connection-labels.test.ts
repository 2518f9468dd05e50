import assert from 'node:assert/strict'
import { COLORS, type ConnectionLabel, colorOf, labelNames } from '../../src/shared/connection-labels.ts'

function namesOf(labels: readonly ConnectionLabel[]): string[] {
  const own = new Map([
    [1, 'chat · room=dev'],
    [2, 'chat · room=ops'],
    [3, 'prices'],
  ])
  return [...labelNames(own, new Map(labels.map((each) => [each.connection, each]))).values()]
}

describe('names and colors of connections', () => {
  it('are their own unless somebody says otherwise', () => {
    assert.deepEqual(namesOf([]), ['chat · room=dev', 'chat · room=ops', 'prices'])
    assert.deepEqual(namesOf([{ connection: 2, color: 3 }]), ['chat · room=dev', 'chat · room=ops', 'prices'])
    assert.deepEqual(
      [1, 2, COLORS, COLORS + 1].map((id) => colorOf(id, undefined)),
      [1, 2, COLORS, 1],
    )
    assert.equal(colorOf(2, { connection: 2, color: 5 }), 5)
  })

  it('are those of the user before those of a request', () => {
    assert.deepEqual(
      namesOf([
        { connection: 1, suggested: 'join' },
        { connection: 3, suggested: 'ticker', name: 'mine' },
        { connection: 9, suggested: 'join' },
      ]),
      ['join', 'chat · room=ops', 'mine'],
    )
  })

  it('tell runs of one request apart', () => {
    assert.deepEqual(
      namesOf([
        { connection: 1, suggested: 'join' },
        { connection: 2, suggested: 'join' },
      ]),
      ['join (1)', 'join (2)', 'prices'],
    )
  })
})
