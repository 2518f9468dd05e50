/** What a file of Bruno says, whichever of its two languages it is written in. */
import type { Pair } from '../parts.ts'

export interface BrunoMessage {
  readonly name: string
  /** `json`, `text`, `xml` or `binary`. */
  readonly type: string
  readonly content: string
}

export interface BrunoBody {
  /** `none`, `json`, `text`, `xml`, `sparql`, `graphql`, `form-urlencoded`, `multipart-form`, `file` or another one. */
  readonly mode: string
  readonly text: string
  /** Of a form. */
  readonly fields: readonly Pair[]
  /** JSON, for GraphQL. */
  readonly variables: string
}

export const NO_BODY: BrunoBody = { mode: 'none', text: '', fields: [], variables: '' }

export interface BrunoAuth {
  /** `none`, `inherit`, `basic`, `bearer`, `apikey` or another one. */
  readonly mode: string
  readonly values: Readonly<Record<string, string>>
}

/** What a request, a folder and a collection may have. */
interface Settings {
  readonly name: string
  readonly docs: string
  readonly headers: readonly Pair[]
  readonly auth: BrunoAuth
  readonly variables: readonly Pair[]
  /** What of it was not imported, one sentence each. */
  readonly left: readonly string[]
}

export interface BrunoRequest extends Settings {
  readonly kind: 'request'
  /** The order in its folder. */
  readonly sequence: number
  /** `http`, `ws`, `graphql` or another one. */
  readonly type: string
  readonly method: string
  readonly url: string
  readonly pathParameters: readonly Pair[]
  readonly body: BrunoBody
  readonly messages: readonly BrunoMessage[]
  /** Milliseconds, 0 for none. */
  readonly timeout: number
}

/** What holds for the requests in a folder, or in the whole collection. */
export interface BrunoScope extends Settings {
  readonly kind: 'collection' | 'folder'
  readonly sequence: number
}

export interface BrunoEnvironment {
  readonly kind: 'environment'
  /** Empty if only its file has a name. */
  readonly name: string
  readonly variables: readonly Pair[]
  /** Names of variables whose values Bruno keeps elsewhere. */
  readonly secrets: readonly string[]
}

export type BrunoItem = BrunoRequest | BrunoScope | BrunoEnvironment

/** An item in its folder; the path has no file name, and ends with a slash unless it is empty. */
export interface PlacedItem {
  readonly folder: string
  readonly fileName: string
  readonly item: BrunoItem
}

export interface Left {
  readonly headers: number
  readonly variables: number
  readonly scripts: boolean
  readonly tests: boolean
  readonly values: boolean
  readonly keepAlive: number
}

/** The sentences for what is left out. */
export function leftSentences({ headers, variables, scripts, tests, values, keepAlive }: Left): string[] {
  return [
    ...(headers > 0 ? [`Disabled headers and fields were left out: ${headers}.`] : []),
    ...(variables > 0 ? [`Disabled variables were left out: ${variables}.`] : []),
    ...(scripts ? ['Its scripts were not imported.'] : []),
    ...(tests ? ['Its tests and assertions were not imported; write them as # @expect.'] : []),
    ...(values ? ['Its variables from responses were not imported; write them as # @set.'] : []),
    ...(keepAlive > 0 ? [`Its keep-alive interval of ${keepAlive} ms was not imported.`] : []),
  ]
}
