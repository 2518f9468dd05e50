/**
 * A dialect of JSON as data: how to recognize it, and where the parts of its messages are. `dialectDecoder` makes a decoder
 * from it. docs/protocols.md describes the format for users, who can add their own dialects.
 */
import type { DecodedKind } from './decoded.ts'
import type { Direction } from './event.ts'

/**
 * Where a value is: `$` is the message, `@` its surroundings (`@.event`, `@.path`, `@.query`, `@.transport`, `@.method`,
 * `@.connection`). `.name`, `['name']` and `[index]` lead to members, negative indexes count from the end. `.json()` reads a
 * text as JSON, `.operation()` is the name of a GraphQL operation, `.split(x)` the parts of a text, `.text()` a number as text.
 */
export type Path = string

export type Scalar = string | number | boolean | null

/** What a value has to be: this one, one of these, or as described. */
export type Test = Scalar | readonly Scalar[] | ValueTest

/** All given conditions have to hold. */
export interface ValueTest {
  /** Whether there is a value; null counts. */
  readonly exists?: boolean
  /** Whether there is a value other than null. */
  readonly present?: boolean
  readonly type?: JsonType | readonly JsonType[]
  readonly startsWith?: string
  readonly contains?: string
  /** The minimum of a number. */
  readonly atLeast?: number
  /** An earlier message with this value was remembered under this heading; see `remember`. */
  readonly remembered?: string
}

export const JSON_TYPES = ['string', 'number', 'boolean', 'null', 'object', 'array'] as const
export type JsonType = (typeof JSON_TYPES)[number]

export type Tests = Readonly<Record<Path, Test>>

/**
 * A text that is `$` or begins with `$.`, `$[` or `@.` is a path; any other stands for itself. In a list, the first with a
 * value counts.
 */
export type Source = string | readonly string[]

/**
 * Ids by their kinds, and the paths to them: values that differ between two runs that do the same. Each of several paths
 * leads to an id of its own.
 */
export type Ids = Readonly<Record<string, Path | readonly Path[]>>

/** What a connection needs to have. All given conditions have to hold. */
export interface Recognition {
  /** The WebSocket subprotocol that was agreed on, or one of several. */
  readonly subprotocol?: string | readonly string[]
  readonly transport?: string | readonly string[]
  /** A domain: the host is it, or ends with it after a dot. */
  readonly host?: string
  /** The end of the URL's path; if it ends with `/`, any part of the path. */
  readonly path?: string
  /** Query parameters; an empty text stands for any value. */
  readonly query?: Readonly<Record<string, string>>
  /** Parts of the values of header fields, by lower-case name; an empty text stands for any value. */
  readonly requestHeader?: Readonly<Record<string, string>>
  readonly responseHeader?: Readonly<Record<string, string>>
  /** What one of the first messages has. */
  readonly message?: Tests
  readonly direction?: Direction
  /** What the message is called in the reason. Default: the tests. */
  readonly as?: string
}

/** One kind of message. */
export interface MessageRule {
  readonly direction?: Direction
  readonly when?: Tests
  readonly kind: DecodedKind
  readonly name?: Source
  readonly channel?: Source
  readonly id?: Source
  /** Ids of this kind of message, apart from those of the dialect. Without `request`, that is `id`. */
  readonly ids?: Ids
  /** The message asks for an answer; its answers have the same key, of the same type. `true` stands for the ID. */
  readonly asks?: Source | true
  /**
   * The message answers the one in the other direction that asked with this key. `true` stands for the ID; if the message
   * has none, for that of the message that `recall` finds.
   */
  readonly answersTo?: Source | true
  /** More answers to the same message follow. */
  readonly continues?: boolean
  /** Default: the whole message. */
  readonly value?: Path
  /** Remembers name and channel under a heading and a value. */
  readonly remember?: Readonly<Record<string, Path>>
  /** Takes a missing name or channel from what was remembered. */
  readonly recall?: Readonly<Record<string, Path>>
}

export interface Dialect {
  /** The name of the protocol. */
  readonly name: string
  /** Ways to recognize a connection; any of them is enough. */
  readonly recognize: readonly Recognition[]
  /**
   * Connections that are one conversation: those with the same origin and path, or only the same origin, or, with
   * `header`, those with the same origin, path and value of this request header. Default: each connection alone.
   */
  readonly scope?: 'url' | 'origin' | { readonly header: string }
  /** An array is a batch: each of its elements is a message. */
  readonly batch?: boolean
  /** Text between the messages, such as U+001E. */
  readonly separator?: string
  /** A message may be text that is not JSON; `$` is the text. */
  readonly text?: boolean
  /** Ids that any message may have. */
  readonly ids?: Ids
  /** The first rule that fits a message says what it is. If none fits, the message is not decoded. */
  readonly messages: readonly MessageRule[]
}
