/**
 * A preset: a request for a well-known API, as a fragment of a `.http` file. Its variables are what a user is asked for, and
 * the comment before a variable is the question. To add a preset, add a row: the lists of the editor, the requests that they
 * write, completion and the tables of docs/presets.md derive from it.
 */
import { traitsOf } from '../../shared/transports.ts'
import type { FileRequest, FileVariable, RequestFile } from '../file/request-file.ts'
import { protocolOf } from '../file/settings.ts'

export interface Preset {
  /** Such as `docker-events`. */
  readonly name: string
  readonly title: string
  /** What it does, in one line. */
  readonly hint: string
  readonly request: string
  /** How it goes on after a reconnect, or with the next request, in Markdown. */
  readonly resume: string
  /** What it is like if nothing is new: empty answers and heartbeats, in Markdown. */
  readonly quiet: string
  /** The server of the tests: one that others wrote, or a stand-in that the tests have. */
  readonly triedAgainst: TriedAgainst
  /** The documents of the API. */
  readonly documents: string
}

export type TriedAgainst =
  /** A package of the npm registry; its version is that of package-lock.json. */
  | { readonly npm: string }
  /** A package of Debian. */
  | { readonly debian: string; readonly version: string }
  /**
   * A server of the tests that was written from the documents, of this version of the API. `byHand` is a real server that it
   * was tried against once, outside of the tests.
   */
  | { readonly standIn: string; readonly byHand?: string }

/** What a request is, in a few words: its protocol, or else its transport. */
export function techniqueOf(request: FileRequest): string {
  return protocolOf(request) ?? traitsOf(request.transport)?.label ?? 'HTTP'
}

/** What a user is asked for. */
export interface Question {
  /** The variable. */
  readonly name: string
  readonly text: string
  readonly initial: string
}

/** The variables of a preset, with the comments before them. */
export function questionsOf({ variables, comments, text }: RequestFile): readonly Question[] {
  return variables.map((variable) => ({
    name: variable.name.text,
    text: commentBefore(variable, comments, text),
    initial: variable.value.text,
  }))
}

function commentBefore({ start }: FileVariable, comments: RequestFile['comments'], text: string): string {
  const before = comments.findLast(({ end }) => end <= start)
  return before === undefined ? '' : text.slice(before.start, before.end).replace(/^#\s*/, '').trim()
}

/** The text of a preset with the answers in place of the values of its variables. */
export function answeredText({ text, variables }: RequestFile, answers: ReadonlyMap<string, string>): string {
  return variables.reduceRight((filled, { name, value }) => {
    const answer = answers.get(name.text)?.replaceAll(/[\r\n]+/g, ' ')
    return answer === undefined ? filled : filled.slice(0, value.start) + answer + filled.slice(value.end)
  }, text)
}

/**
 * The text of a preset in the editor's syntax of snippets: its variables are the places to fill in. `name` replaces its
 * title.
 */
export function snippetOf(
  { text, variables }: RequestFile,
  name?: { readonly of: FileRequest; readonly text: string },
): string {
  const title = name?.of.title
  const places = [
    ...(title === undefined || name === undefined ? [] : [{ ...title, insert: escaped(name.text) }]),
    ...variables.map(({ value }, at) => ({
      ...value,
      insert: `\${${at + 1}:${escaped(value.text).replaceAll('}', '\\}')}}`,
    })),
  ].sort((a, b) => a.start - b.start)
  let snippet = ''
  let end = 0
  for (const place of places) {
    snippet += escaped(text.slice(end, place.start)) + place.insert
    end = place.end
  }
  return `${snippet}${escaped(text.slice(end))}$0`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\$]/g, '\\$&')
}
