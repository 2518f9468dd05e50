import assert from 'node:assert/strict'
import { MAX_SAVED_FILTERS } from '../../src/shared/protocol/filtering.ts'
import { SavedFilters } from '../../src/vscode/session/saved-filters.ts'

class Store {
  readonly values = new Map<string, unknown>()
  readonly keys = () => [...this.values.keys()]
  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined
  }
  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value))
  }
}

describe('saved filters', () => {
  it('have unique names', async () => {
    const filters = new SavedFilters(new Store())
    await filters.save({ name: 'trades', text: 'event:trade' })
    await filters.save({ name: 'errors', text: 'type:error' })
    const all = await filters.save({ name: 'trades', text: '$.type == "trade"' })
    assert.deepEqual(all, [
      { name: 'errors', text: 'type:error' },
      { name: 'trades', text: '$.type == "trade"' },
    ])
    assert.deepEqual(await filters.forget('errors'), [{ name: 'trades', text: '$.type == "trade"' }])
  })

  it('are limited in number', async () => {
    const filters = new SavedFilters(new Store())
    for (let i = 0; i < MAX_SAVED_FILTERS; i++) await filters.save({ name: `filter ${i}`, text: 'x' })
    await assert.rejects(filters.save({ name: 'one more', text: 'x' }), { code: 'TOO_MANY' })
    assert.equal((await filters.save({ name: 'filter 0', text: 'y' })).length, MAX_SAVED_FILTERS)
  })

  it('skip invalid stored values', async () => {
    const store = new Store()
    await store.update('savedFilters', [{ name: 'good', text: 'x' }, { name: '' }, 'x', null])
    assert.deepEqual(new SavedFilters(store).all(), [{ name: 'good', text: 'x' }])
    await store.update('savedFilters', 'nonsense')
    assert.deepEqual(new SavedFilters(store).all(), [])
  })
})
