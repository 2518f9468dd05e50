import assert from 'node:assert/strict'
import { SpacedUpdates } from '../../src/vscode/language-features/requests/spaced-updates.ts'
import { eventually } from '../support/eventually.ts'

describe('spaced updates', () => {
  /** Counts updates, and ends each when the test says so. */
  function counting(isWanted = true) {
    const ends: ((error?: Error) => void)[] = []
    const counts = { updated: 0, failed: 0 }
    const updates = new SpacedUpdates({
      isWanted: () => isWanted,
      update: () =>
        new Promise((resolve, reject) =>
          ends.push((error) => (error === undefined ? resolve() : reject(error))),
        ),
      updated: () => {
        counts.updated++
      },
      failed: () => {
        counts.failed++
      },
    })
    return { ends, counts, updates }
  }

  it('are one for many wishes, and never two at a time', async () => {
    const { ends, counts, updates } = counting()
    for (let i = 0; i < 10; i++) updates.soon(0)
    await eventually(() => assert.equal(ends.length, 1))
    updates.soon(0)
    ends[0]?.()
    await eventually(() => assert.equal(counts.updated, 1))
    assert.equal(ends.length, 1)
    updates.asked()
    await eventually(() => assert.equal(ends.length, 2))
    updates.dispose()
  })

  it('wait until the editor has asked for the last one', async () => {
    const { ends, counts, updates } = counting()
    updates.soon(0)
    await eventually(() => assert.equal(ends.length, 1))
    ends[0]?.()
    await eventually(() => assert.equal(counts.updated, 1))
    updates.soon(0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(ends.length, 1)
    updates.asked()
    await eventually(() => assert.equal(ends.length, 2))
    updates.dispose()
  })

  it('go on after one that failed', async () => {
    const { ends, counts, updates } = counting()
    updates.soon(0)
    await eventually(() => assert.equal(ends.length, 1))
    ends[0]?.(new Error('It failed.'))
    await eventually(() => assert.deepEqual(counts, { updated: 1, failed: 1 }))
    updates.asked()
    updates.soon(0)
    await eventually(() => assert.equal(ends.length, 2))
    updates.dispose()
  })

  it('come earlier if a shorter pause is asked for', async () => {
    const { ends, updates } = counting()
    updates.soon(3_600_000)
    updates.soon(0)
    await eventually(() => assert.equal(ends.length, 1))
    updates.dispose()
  })

  it('do not come if nobody looks, or after they were disposed of', async () => {
    const unseen = counting(false)
    unseen.updates.soon(0)
    const { ends, updates } = counting()
    updates.soon(0)
    updates.dispose()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual([ends.length, unseen.ends.length], [0, 0])
  })
})
