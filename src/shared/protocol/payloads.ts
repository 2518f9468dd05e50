/** Calls about payloads: read, watch as a stream, open, compare, copy and save them. */

/** A request and its response on one connection, by their event numbers. */
export interface RequestPair {
  /**
   * `ping`: same data in ping and pong (RFC 6455 section 5.5.3). `protocol`: as the protocol of the connection says. `id`:
   * same value in two JSON messages, in fields that name a request.
   */
  readonly by: 'ping' | 'protocol' | 'id'
  readonly request: number
  readonly response: number
  /** Milliseconds between the two. */
  readonly took: number
}

/** How common a message name is among the preceding messages of its connection and direction. */
export interface Alike {
  readonly count: number
  /** Number of messages that were considered. */
  readonly among: number
  /** Bytes; by nearest rank. */
  readonly medianSize: number
}

export interface Related {
  /** The request and the response if the event is one of the two. */
  readonly pair: RequestPair | null
  /** The previous message with the same name and direction on the same connection. */
  readonly previous: number | null
  /** The name of both messages. */
  readonly name: string
  /** Preceding messages with the same name; null if there are none. */
  readonly alike: Alike | null
}

/** Consecutive inbound payloads of a connection, joined. */
export interface StreamPiece {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Number of the event to continue with. */
  readonly next: number
  /** The connection was reopened at `next`, where another stream starts. */
  readonly reopened: boolean
  /** Some payloads are no longer kept and are missing from `bytes`. */
  readonly lost: boolean
  /** There are no more payloads at this time. */
  readonly atEnd: boolean
}

/** Reading calls that the page makes through the host. */
export type PayloadReadMethods = {
  /** Finds related events near an event. */
  related: { params: { readonly index: number }; result: Related }
  /**
   * Inbound messages of a connection from event `from` on: as many as fit into `maxBytes`, at least one, up to the
   * connection's next `open`.
   */
  stream: {
    params: { readonly connection: number; readonly from: number; readonly maxBytes: number }
    result: StreamPiece
  }
}

export const COPY_FORMS = ['json', 'text', 'hex', 'base64', 'curl', 'websocat'] as const
export type CopyForm = (typeof COPY_FORMS)[number]
/** Names for menus. */
export const FORM_NAMES: Readonly<Record<CopyForm, string>> = {
  json: 'JSON',
  text: 'text',
  hex: 'hex',
  base64: 'base64',
  curl: 'curl',
  websocat: 'websocat',
}

export type CommandTool = 'curl' | 'websocat'
/** What a command is written for. Those of websocat are always for a POSIX shell. */
export type CommandShell = 'posix' | 'cmd' | 'powershell'

export interface CommandOptions {
  /** Leaves secrets as they are. */
  readonly reveal: boolean
  /** Default `posix`. */
  readonly shell?: CommandShell
}
export type TextForm = Exclude<CopyForm, CommandTool>

/** A payload as a document of the editor. */
export interface PayloadDocument {
  readonly text: string
  /** VS Code's language id. */
  readonly language: 'json' | 'xml' | 'html' | 'plaintext'
}

/** A session as lines for a POSIX shell. */
export interface SessionCommands {
  readonly text: string
  /** Names of the secrets that are `***` in it. */
  readonly masked: readonly string[]
  /** How many connections the session has. */
  readonly connections: number
  /** What no command can express, one clause each; the text has them as comments. */
  readonly omitted: readonly string[]
}

export type PayloadEngineMethods = PayloadReadMethods & {
  /**
   * The payload as text, with JSON formatted; with `hex`, any payload as a hex dump. Rejects with BINARY if it is not
   * text, TOO_LARGE if it is too large for an editor, NO_PAYLOAD if there is none.
   */
  document: { params: { readonly index: number; readonly hex: boolean }; result: PayloadDocument }
  /** The payload in a form for the clipboard. Rejects like `document`. */
  copyText: { params: { readonly index: number; readonly form: TextForm }; result: string }
  /**
   * A command for a shell that repeats the event's connection and, for an outbound message, sends it. `masked` names the
   * secrets that are `***` in it unless `reveal` is true.
   */
  command: {
    params: CommandOptions & { readonly index: number; readonly tool: CommandTool }
    result: { readonly text: string; readonly masked: readonly string[] }
  }
  /** A command that opens a connection again. Rejects with NO_CONNECTION. */
  connectionCommand: {
    params: CommandOptions & { readonly connection: number }
    result: { readonly tool: CommandTool; readonly text: string; readonly masked: readonly string[] }
  }
  /**
   * A command for each connection of the session; for a WebSocket it sends the recorded messages. Rejects with
   * NO_CONNECTION.
   */
  sessionCommands: { params: { readonly reveal: boolean }; result: SessionCommands }
  /** A file name for the payload or the stream. */
  fileName: { params: { readonly index: number; readonly whole: boolean }; result: string }
  /**
   * Writes the payload to a file; with `whole`, every inbound payload of the event's connection from the last `open` to
   * the next. Returns the number of bytes, and whether payloads are missing because they are no longer kept.
   */
  savePayload: {
    params: { readonly index: number; readonly whole: boolean; readonly path: string }
    result: { readonly size: number; readonly lost: boolean }
  }
}

export type PayloadPanelMethods = PayloadReadMethods & {
  /** Opens the payload as a document of the editor. Offers to save a payload that is binary or too large. */
  openPayload: { params: { readonly index: number }; result: null }
  /** Compares two payloads in the editor's diff view. */
  comparePayloads: { params: { readonly left: number; readonly right: number }; result: null }
  /**
   * Copies the payload, or a command that repeats the connection, to the clipboard. `copied` is false if the user
   * cancels.
   */
  copyAs: {
    params: { readonly index: number; readonly form: CopyForm }
    result: { readonly copied: boolean }
  }
  /** Asks for a file and writes the payload or its whole stream. `saved` is false if the user cancels. */
  savePayload: {
    params: { readonly index: number; readonly whole: boolean }
    result: { readonly saved: boolean }
  }
  /** Sets the events for commands without arguments: the selected event, and the previous one like it. */
  noteSelection: {
    params: { readonly index: number; readonly previous: number | null } | null
    result: null
  }
}
