import assert from 'node:assert/strict'
import type { Memento } from 'vscode'
import { EMPTY_SHELF } from '../../src/shared/compose/shelf.ts'
import { ComposerShelf, MESSAGES_KEY } from '../../src/vscode/session/composer-shelf.ts'
import { SavedFilters } from '../../src/vscode/session/saved-filters.ts'
import { syncState } from '../../src/vscode/session/synced-state.ts'

/** A memento that stores JSON, like VS Code's. */
function memento(initial?: unknown): Memento {
  const kept = new Map<string, string>(
    initial === undefined ? [] : [['composerShelf', JSON.stringify(initial)]],
  )
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => {
      const value = kept.get(key)
      return value === undefined ? undefined : JSON.parse(value)
    },
    update: async (key: string, value: unknown) => void kept.set(key, JSON.stringify(value)),
  }
}

describe("the composer's shelf", () => {
  it('is restored in the next window', async () => {
    const store = memento()
    assert.deepEqual(new ComposerShelf(store).read(), EMPTY_SHELF)
    const save = { name: 'ping', format: 'text', text: '{{id}}' } as const
    await new ComposerShelf(store).change({ save })
    await new ComposerShelf(store).change({ variables: { id: '7' } })
    assert.deepEqual(new ComposerShelf(store).read(), { messages: [save], variables: { id: '7' } })
  })

  it('keeps variables and messages with secrets apart from those that are synced', async () => {
    const store = memento({
      messages: [{ name: 'b', format: 'text', text: 'by an older version' }],
      variables: {},
    })
    const shelf = new ComposerShelf(store)
    await shelf.change({ save: { name: 'a', format: 'json', text: '{"n":1}' } })
    await shelf.change({
      save: { name: 'c', format: 'text', text: 'Authorization: Bearer abcdefghijklmnop' },
    })
    await shelf.change({ variables: { token: 'hush' } })
    const names = (key: string) =>
      JSON.stringify(store.get(key))
        .match(/"name":"\w"/g)
        ?.map((each) => each.slice(8, -1)) ?? []
    assert.deepEqual(names(MESSAGES_KEY), ['a', 'b'])
    assert.ok(!JSON.stringify(store.get(MESSAGES_KEY)).includes('hush'))
    assert.deepEqual(
      shelf.read().messages.map(({ name }) => name),
      ['a', 'b', 'c'],
    )
    await shelf.change({ remove: 'a' })
    await shelf.change({ remove: 'c' })
    assert.deepEqual(
      shelf.read().messages.map(({ name }) => name),
      ['b'],
    )
  })

  it('is synced with the saved filters, and nothing else is', async () => {
    const store = memento()
    const synced: string[] = []
    syncState({ ...store, setKeysForSync: (keys) => synced.push(...keys) })
    await new SavedFilters(store).save({ name: 'errors', text: 'type:error' })
    await new ComposerShelf(store).change({ save: { name: 'ping', format: 'text', text: 'ping' } })
    assert.deepEqual(
      store
        .keys()
        .filter((key) => synced.includes(key))
        .sort(),
      synced.sort(),
    )
    assert.equal(synced.length, 2)
  })

  it('stays as it is after an invalid change', async () => {
    const store = memento()
    await assert.rejects(new ComposerShelf(store).change({ rename: 'x', to: 'y' }), { code: 'BAD_SHELF' })
    assert.deepEqual(store.keys(), [])
  })

  it('is empty if the stored value is invalid', () => {
    for (const stored of [5, [], { messages: 1, variables: { a: 2 } }])
      assert.deepEqual(new ComposerShelf(memento(stored)).read(), EMPTY_SHELF)
  })
})
