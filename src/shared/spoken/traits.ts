/** What the user can set and send in a protocol that a connection speaks. Data, so that the panel and the terminal share it. */

/** `json` is any JSON value; a list of texts is a choice of one of them. */
export type FieldType = 'text' | 'number' | 'toggle' | 'json' | readonly [string, ...string[]]

export interface SpokenField {
  readonly name: string
  readonly type: FieldType
  /** What it is, as the end of a sentence. */
  readonly hint: string
  /** The value if the user gives none. Absent for a field that is then left out. */
  readonly initial?: unknown
  /** A credential. */
  readonly isSecret?: true
  readonly isRequired?: true
  /** It may be given several times. Its value is then a list. */
  readonly isList?: true
  /** It is completed by the schema of the server. */
  readonly completes?: 'graphql'
  /** Of a number: the values that it can have. */
  readonly among?: readonly number[]
}

/** What the user can send, apart from messages as they are. */
export interface SpokenForm {
  readonly name: string
  readonly fields: readonly SpokenField[]
}

export interface SpokenTraits {
  /** Of the handshake and the heartbeats. */
  readonly options: readonly SpokenField[]
  readonly forms: readonly SpokenForm[]
}

/** Values by the names of fields. */
export type FieldValues = Readonly<Record<string, unknown>>
