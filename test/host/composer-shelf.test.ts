import assert from 'node:assert/strict'
import type { Memento } from 'vscode'
import { EMPTY_SHELF } from '../../src/shared/compose/shelf.ts'
import { ComposerShelf } from '../../src/vscode/session/composer-shelf.ts'

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
