/** What the composer stores for the user: named messages and variables, and how they change. */
import { Failure } from '../failure.ts'
import type { ComposedMessage } from './compose.ts'
import { VARIABLE_NAME, type Variables } from './template.ts'

export interface SavedMessage extends ComposedMessage {
  /** Unique among the saved messages. */
  readonly name: string
}

export interface Shelf {
  /** Sorted by name. */
  readonly messages: readonly SavedMessage[]
  readonly variables: Variables
}

export type ShelfChange =
  /** Replaces a message of the same name. */
  | { readonly save: SavedMessage }
  | { readonly rename: string; readonly to: string }
  | { readonly remove: string }
  /** Replaces all variables. */
  | { readonly variables: Variables }

export const EMPTY_SHELF: Shelf = { messages: [], variables: {} }

export const MAX_SAVED = 100
export const MAX_SAVED_LENGTH = 100_000
export const MAX_NAME = 80
export const MAX_VARIABLES = 100
export const MAX_VALUE = 10_000

function bad(sentence: string): Failure {
  return new Failure('BAD_SHELF', sentence)
}

function checkName(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '') throw bad('Enter a name for the message.')
  if (trimmed.length > MAX_NAME) throw bad(`The name is longer than ${MAX_NAME} characters; shorten it.`)
  return trimmed
}

/** Throws a `Failure` `BAD_SHELF` for a name or value that cannot be stored. */
function checkVariables(variables: Variables): void {
  const entries = Object.entries(variables)
  if (entries.length > MAX_VARIABLES)
    throw bad(`There are more than ${MAX_VARIABLES} variables; remove some first.`)
  for (const [name, value] of entries) {
    if (!VARIABLE_NAME.test(name))
      throw bad(
        `${JSON.stringify(name.slice(0, 80))} is not a valid variable name; start with a letter or _, followed by letters, digits, _, . or -, at most 64 characters.`,
      )
    if (value.length > MAX_VALUE)
      throw bad(`The variable ${name} has more than ${MAX_VALUE} characters; shorten it.`)
  }
}

function saved(messages: readonly SavedMessage[], message: SavedMessage): SavedMessage[] {
  if (message.text.length > MAX_SAVED_LENGTH)
    throw bad(
      `A message of more than ${MAX_SAVED_LENGTH} characters cannot be saved here; save it in a file.`,
    )
  const others = messages.filter(({ name }) => name !== message.name)
  if (others.length >= MAX_SAVED)
    throw bad(`There are ${MAX_SAVED} saved messages already; delete one first.`)
  return [...others, message].sort((a, b) => a.name.localeCompare(b.name))
}

/** The shelf after a change. Throws a `Failure` `BAD_SHELF` whose sentence says what is not possible. */
export function changeShelf(shelf: Shelf, change: ShelfChange): Shelf {
  const { messages } = shelf
  if ('save' in change) {
    const { name, format, text } = change.save
    return { ...shelf, messages: saved(messages, { name: checkName(name), format, text }) }
  }
  if ('rename' in change) {
    const message = messages.find(({ name }) => name === change.rename)
    const name = checkName(change.to)
    if (message === undefined) throw bad(`There is no saved message ${JSON.stringify(change.rename)}.`)
    if (name === change.rename) return shelf
    if (messages.some((other) => other.name === name))
      throw bad(`A saved message ${JSON.stringify(name)} already exists; choose another name.`)
    const others = messages.filter((other) => other !== message)
    return { ...shelf, messages: saved(others, { ...message, name }) }
  }
  if ('remove' in change) return { ...shelf, messages: messages.filter(({ name }) => name !== change.remove) }
  checkVariables(change.variables)
  return { ...shelf, variables: { ...change.variables } }
}
