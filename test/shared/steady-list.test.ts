import assert from 'node:assert/strict'
import { newStatus } from '../../src/shared/status.ts'
import { ofAddresses, steady } from '../../src/shared/steady-list.ts'

describe('a list that is made again', () => {
  const isSame = (one: { id: number }, other: { id: number }) => one.id === other.id

  it('is the list before if nothing in it has changed', () => {
    const before = [{ id: 1 }, { id: 2 }]
    assert.equal(steady(before, [{ id: 1 }, { id: 2 }], isSame), before)
    assert.notEqual(steady(before, [{ id: 2 }, { id: 1 }], isSame), before)
    assert.notEqual(steady(before, [{ id: 1 }], isSame), before)
  })

  it('keeps the objects that have not changed', () => {
    const before = [{ id: 1 }, { id: 2 }]
    const after = steady(before, [{ id: 1 }, { id: 3 }, { id: 4 }], isSame)
    assert.equal(after[0], before[0])
    assert.deepEqual(after, [{ id: 1 }, { id: 3 }, { id: 4 }])
  })
})

describe('what is made of the addresses of connections', () => {
  it('is made again only if one of them changes', () => {
    let made = 0
    const names = ofAddresses((connections) => {
      made++
      return connections.map(({ id, url }) => `${id} ${url}`)
    })
    const all = Array.from({ length: 5000 }, (_, i) => ({ ...newStatus(i + 1), url: `ws://host/${i}` }))
    const first = names(all, [])
    const before = made
    assert.equal(
      names(
        all.map((each) => ({ ...each, messagesIn: 5 })),
        [],
      ),
      first,
    )
    assert.equal(made, before)
    const moved = all.with(9, { ...newStatus(10), url: 'ws://other/' })
    assert.equal(names(moved, [])[9], '10 ws://other/')
    assert.equal(names(moved, [{ id: 9999, url: 'ws://gone/', transport: 'sse' }]).at(-1), '9999 ws://gone/')
  })
})
