import assert from 'node:assert/strict'
import {
  changeShelf,
  EMPTY_SHELF,
  MAX_SAVED,
  MAX_SAVED_LENGTH,
  MAX_VALUE,
  MAX_VARIABLES,
  type Shelf,
  type ShelfChange,
} from '../../../src/shared/compose/shelf.ts'

const ping = { name: 'ping', format: 'text', text: 'ping' } as const
const hello = { name: 'Hello', format: 'json', text: '{}' } as const

function shelfOf(...changes: readonly ShelfChange[]): Shelf {
  return changes.reduce(changeShelf, EMPTY_SHELF)
}

describe('the shelf of the composer', () => {
  it('saves messages by unique name, sorted by name', () => {
    const shelf = shelfOf(
      { save: ping },
      { save: hello },
      { save: { ...ping, name: ' ping ', text: 'PING' } },
    )
    assert.deepEqual(shelf.messages, [hello, { ...ping, text: 'PING' }])
  })

  it('renames and removes messages', () => {
    const shelf = shelfOf({ save: ping }, { save: hello }, { rename: 'ping', to: ' alive? ' })
    assert.deepEqual(
      shelf.messages.map(({ name }) => name),
      ['alive?', 'Hello'],
    )
    assert.deepEqual(changeShelf(shelf, { remove: 'Hello' }).messages, [{ ...ping, name: 'alive?' }])
    assert.equal(changeShelf(shelf, { rename: 'Hello', to: 'Hello' }), shelf)
  })

  it('replaces all variables at once', () => {
    const shelf = shelfOf({ variables: { a: '1' } }, { save: ping }, { variables: { b: '2' } })
    assert.deepEqual(shelf, { messages: [ping], variables: { b: '2' } })
  })

  it('has room for as many messages as its limit', () => {
    const names = Array.from({ length: MAX_VARIABLES }, (_, i) => `v${i}`)
    const variables = Object.fromEntries(names.map((name) => [name, 'x'.repeat(MAX_VALUE)]))
    const text = 'x'.repeat(MAX_SAVED_LENGTH)
    const name = 'x'.repeat(80)
    const shelf = shelfOf({ variables }, { save: { ...ping, name, text } })
    assert.deepEqual(shelf, { messages: [{ ...ping, name, text }], variables })
  })

  const full = shelfOf(
    ...Array.from({ length: MAX_SAVED }, (_, i) => ({ save: { ...ping, name: `message ${i}` } })),
  )
  const refused: readonly [string, Shelf, ShelfChange, RegExp][] = [
    ['no name', EMPTY_SHELF, { save: { ...ping, name: ' ' } }, /Enter a name/],
    ['a long name', EMPTY_SHELF, { save: { ...ping, name: 'x'.repeat(81) } }, /longer than 80/],
    [
      'a long message',
      EMPTY_SHELF,
      { save: { ...ping, text: 'x'.repeat(MAX_SAVED_LENGTH + 1) } },
      /save it in a file/,
    ],
    ['one too many', full, { save: ping }, /delete one first/],
    ['a rename of nothing', EMPTY_SHELF, { rename: 'x', to: 'y' }, /no saved message "x"/],
    ['a name that is taken', full, { rename: 'message 1', to: 'message 2' }, /"message 2" already/],
    ['a bad variable', EMPTY_SHELF, { variables: { '1a': '' } }, /"1a" is not a valid variable name/],
    ['a built-in name', EMPTY_SHELF, { variables: { $uuid: '' } }, /is not a valid variable name/],
    ['a long value', EMPTY_SHELF, { variables: { a: 'x'.repeat(MAX_VALUE + 1) } }, /a has more than/],
    [
      'too many variables',
      EMPTY_SHELF,
      { variables: Object.fromEntries(Array.from({ length: MAX_VARIABLES + 1 }, (_, i) => [`v${i}`, ''])) },
      /more than 100 variables/,
    ],
  ]
  for (const [what, shelf, change, sentence] of refused)
    it(`rejects ${what} with a sentence`, () => {
      assert.throws(() => changeShelf(shelf, change), { code: 'BAD_SHELF', message: sentence })
    })
})
